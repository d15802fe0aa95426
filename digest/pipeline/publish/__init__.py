"""The job of publishing: the archive as a static site, of which only what changed is written.

`job` goes through the issues, `facts` is what readers may see of one, `folder` the site's folder
and whose files lie there, `kept` the facts of issues that did not change.
"""

from digest.pipeline.publish.job import Published, publish

__all__ = ["Published", "publish"]
