"""HTML that stands dozens of times on a page, built by functions: template loops took most of a page's time.

`tests/web/shared/fragments/*.html` show the markup as it comes out. To change one: change the function, run
`pytest tests/web/shared/test_fragments.py`, read the difference, and change the expected file too.
"""
