"""A sample address of every kind of page, by the name of its route."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from django.urls import URLPattern, URLResolver

SUCCESSION = quote("後を継ぐ人がいない")

# Several where a page has several faces. The first of each is the one with its own title.
SAMPLES: dict[str, tuple[str, ...]] = {
    "portal:home": ("/",),
    "portal:search": (
        f"/search/?q={SUCCESSION}",
        "/search/?q=qqqqqzzzz",
        f"/search/?q={SUCCESSION}&kind=loan&area=shimokita&status=closed",
    ),
    "portal:programme": (
        "/programmes/senryaku-monozukuri/",
        "/programmes/business-support-station/",
        "/programmes/fb-sodankai/",
    ),
    "portal:edition": ("/programmes/senryaku-monozukuri/2021/",),
    "portal:programme_sheet": ("/programmes/senryaku-monozukuri/sheet/",),
    "portal:project": ("/projects/r5-seihoku-digital/",),
    "portal:policies": ("/policies/",),
    "portal:policy": ("/policies/p5/",),
    "portal:desks": ("/desks/", "/desks/?area=sanpachi&purpose=ip"),
    "portal:desk": ("/desks/chizai/",),
    "portal:events": ("/events/", "/events/?kind=seminar&area=shimokita"),
    "portal:events_month": ("/events/month/2023/11/",),
    "portal:event": ("/events/fb-sodankai-2023/",),
    "portal:organisations": ("/organisations/",),
    "portal:organisation": ("/organisations/aomori-ken/", "/organisations/aomori21/"),
    "portal:favourites": ("/favourites/",),
    "portal:fit": ("/fit/",),
    "portal:fit_question": (
        "/fit/question/employees/",
        "/fit/question/intents/",
        "/fit/question/industry/?more=1&within=E",
        "/fit/question/area/",
        "/fit/question/established_on/",
        "/fit/question/sales_monthly/",
    ),
    "portal:fit_answers": ("/fit/answers/",),
    "portal:fit_results": ("/fit/results/",),
    "portal:fit_group": ("/fit/results/unknown/", "/fit/results/ineligible/"),
    "portal:fit_sheet": ("/fit/sheet/",),
    "portal:fit_costs": ("/fit/costs/",),
    "portal:fit_plan": ("/fit/plan/",),
    "portal:fit_sales_drop": ("/fit/sales-drop/",),
    "portal:flow": ("/flow/",),
    "portal:about": ("/about/",),
    "portal:accessibility": ("/accessibility/",),
    "portal:privacy": ("/privacy/",),
    "account_login": ("/account/login/", "/account/login/?ended=idle&next=/desk/"),
    "account_signup": ("/account/signup/",),
    "account_reset_password": ("/account/password/reset/",),
    "account_inactive": ("/account/inactive/",),
    "account_invitation": ("/account/invitation/",),
    "socialaccount_login_cancelled": ("/account/others/cancelled/",),
    "socialaccount_login_error": ("/account/others/error/",),
}
# Pages of somebody who is signed in, a manager of an organisation; test_accounts.py looks at them.
SIGNED_IN: dict[str, str] = {
    "account_home": "/account/",
    "account_profile": "/account/profile/",
    "account_sessions": "/account/sessions/",
    "account_email": "/account/email/",
    "account_change_password": "/account/password/change/",
    "account_reauthenticate": "/account/reauthenticate/",
    "account_logout": "/account/logout/",
    "mfa_index": "/account/2fa/",
    "mfa_reauthenticate": "/account/2fa/reauthenticate/",
    "mfa_deactivate_totp": "/account/2fa/totp/deactivate/",
    "mfa_view_recovery_codes": "/account/2fa/codes/",
    "mfa_generate_recovery_codes": "/account/2fa/codes/generate/",
    "mfa_list_webauthn": "/account/2fa/passkeys/",
    "mfa_add_webauthn": "/account/2fa/passkeys/add/",
    "socialaccount_connections": "/account/others/",
    "desk:home": "/desk/",
    "desk:people": "/desk/people/",
    "desk:people_invite": "/desk/people/invite/",
}
# Pages on the way of somebody; the journeys of test_accounts.py and test_referral.py pass them.
ON_A_JOURNEY = {
    "portal:referral",
    "portal:mail_stop",
    "desk:refer",
    "desk:answer",
    "desk:finish",
    "desk:sharing",
    "desk:consent_withdraw",
    "desk:case_people",
    "desk:referral_letter",
    "desk:outside_answer",
    "desk:operations",
    "account_invitation_link",
    "account_second_factor",
    "account_go_on",
    "account_email_verification_sent",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "account_kept_form",
    "account_operator",
    "mfa_authenticate",
    "mfa_activate_totp",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "desk:people_end",
    "desk:businesses",
    "desk:business_new",
    "desk:business_share",
    "desk:business_duplicates",
    "desk:business_import",
    "desk:business_list",
    "desk:business",
    "desk:business_edit",
    "desk:business_release",
    "desk:business_figures_new",
    "desk:business_rows",
    "desk:business_merge",
    "my:businesses",
    "my:business_new",
    "my:business",
    "my:members",
    "my:invitation",
}
NO_PAGE = {
    "portal:programme_calendar": "a download",
    "portal:event_calendar": "a download",
    "portal:events_feed": "a download",
    "portal:robots": "for machines",
    "portal:sitemap": "for machines",
    "portal:favourites_change": "takes a form and leads on",
    "portal:fit_following": "leads on",
    "portal:fit_erase": "takes a form and leads on",
    "portal:theme": "a stylesheet or drawing",
    "set_language": "takes a form and leads on",
    "account_hat": "takes a form and leads on",
    "account_operator_end": "takes a form and leads on",
    "account_sessions_end": "takes a form and leads on",
    "account_kept_form_forget": "takes a form and leads on",
    "account_set_password": "looks like changing it; for those without one",
    "account_request_reauthentication_code": "for those without a password",
    "account_confirm_reauthentication_code": "for those without a password",
    "mfa_download_recovery_codes": "a download",
    "oidc_login": "leads to a provider",
    "oidc_callback": "leads on",
    "socialaccount_signup": "asks for what a provider did not say",
    "portal:fit_number": "takes a form and leads on",
    "desk:business_import_sample": "a download",
    "desk:business_list_csv": "a download",
    "desk:business_list_xlsx": "a download",
    "desk:business_member": "takes a form and leads on",
    "desk:business_apart": "takes a form and leads on",
    "desk:business_unmerge": "takes a form and leads on",
    "desk:business_figures": "looks like adding them",
    "my:business_edit": "looks like registering it",
    "my:member_end": "takes a form and leads on",
    "my:invitation_withdraw": "takes a form and leads on",
    "desk:job_again": "takes a form and leads on",
    "desk:mail_again": "takes a form and leads on",
    "desk:people_withdraw": "takes a form and leads on",
    "desk:people_again": "takes a form and leads on",
    "desk:people_team": "takes a form and leads on",
    "desk:people_teams": "takes a form and leads on",
    "api:": "answers programs",
}


def route_names(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """The full name of every route."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{before}{pattern.namespace}:" if pattern.namespace else before
            yield from route_names(pattern.url_patterns, inner)
        else:
            yield f"{before}{pattern.name or pattern.pattern}"


def without_sample(names: Iterable[str]) -> list[str]:
    """Routes that nobody looks at."""
    return [
        name
        for name in names
        if name not in SAMPLES.keys() | SIGNED_IN.keys() | ON_A_JOURNEY
        and not any(name == known or name.startswith(known) for known in NO_PAGE)
    ]
