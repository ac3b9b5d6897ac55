"""The staff pages; a room's own pages are included here."""

from django.urls import path

from madoguchi.web.desk.views import (
    answer,
    case,
    home,
    monthly,
    notes,
    operations,
    outside,
    people,
    plan,
    refer,
    sharing,
    statistics,
    trays,
)

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("monthly/", monthly.monthly, name="monthly"),
    path("monthly/report.xlsx", monthly.xlsx, name="monthly_xlsx"),
    path("monthly/template/", monthly.template, name="monthly_template"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/rows/", statistics.rows, name="statistics_rows"),
    path("statistics/breakdown.csv", statistics.csv, name="statistics_csv"),
    path("statistics/breakdown.xlsx", statistics.xlsx, name="statistics_xlsx"),
    # ── Trays and the page of a case ────────────────────────────────────────────────────────────────
    path("cases/", trays.cases, name="cases"),
    path("trays/<slug:name>/", trays.tray, name="tray"),
    path("cases/<slug:key>/", case.case, name="case"),
    path("cases/<slug:key>/record/", case.record, name="record"),
    path("cases/<slug:key>/take/", case.take, name="take"),
    path("cases/<slug:key>/print/", case.printed, name="print"),
    path("cases/<slug:key>/notes/<int:pk>/", notes.note, name="note"),
    path("cases/<slug:key>/files/<slug:file>/", notes.attachment, name="attachment"),
    path("cases/<slug:key>/plan/", plan.plan, name="plan"),
    path("cases/<slug:key>/plan/<slug:what>/", plan.add, name="plan_add"),
    path("cases/<slug:key>/tasks/", plan.tasks, name="tasks"),
    # ── Referrals, consent, people ──────────────────────────────────────────────────────────────────
    path("cases/<slug:key>/refer/", refer.refer, name="refer"),
    path("cases/<slug:key>/answer/", answer.answer, name="answer"),
    path("cases/<slug:key>/finish/", answer.finish, name="finish"),
    path("cases/<slug:key>/sharing/", sharing.sharing, name="sharing"),
    path("cases/<slug:key>/consents/<int:pk>/withdraw/", sharing.withdraw, name="consent_withdraw"),
    path("cases/<slug:key>/people/", people.people, name="people"),
    path("cases/<slug:key>/referrals/<int:pk>/letter/", outside.letter, name="referral_letter"),
    path("cases/<slug:key>/referrals/<int:pk>/answer/", outside.answer, name="outside_answer"),
    # ── Running the machine ─────────────────────────────────────────────────────────────────────────
    path("operations/", operations.operations, name="operations"),
    path("operations/jobs/<uuid:pk>/again/", operations.job_again, name="job_again"),
    path("operations/mail/<int:pk>/again/", operations.mail_again, name="mail_again"),
    path("note-templates/", notes.templates, name="note_templates"),
]
