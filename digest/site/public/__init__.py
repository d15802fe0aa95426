"""The published archive: values in, files of a static site out.

`values` is what everything is made of, and all that ever gets out; `issue_page` puts the site's
ways around an archived page, `pages` makes those around it, `feed` the Atom feed and the sitemap,
`statistics` what is counted, `search` the index that a browser searches.
"""
