"""Hosts that hide where a link leads."""

from __future__ import annotations

SHORTENERS = frozenset({
    "adf.ly", "amzn.to", "bbc.in", "bit.do", "bit.ly", "bitly.com", "bl.ink", "buff.ly", "clck.ru",
    "cli.gs", "cnn.it", "cutt.ly", "dlvr.it", "econ.st", "fb.me", "flip.it", "geni.us", "goo.gl",
    "goo.su", "hubs.la", "hubs.li", "hubs.ly", "ift.tt", "is.gd", "j.mp", "kutt.it", "lnk.to",
    "lnkd.in", "mzl.la", "n.pr", "nyti.ms", "on.fb.me", "on.ft.com", "on.wsj.com", "ouo.io",
    "ow.ly", "owl.li", "po.st", "politi.co", "prn.to", "qr.ae", "rb.gy", "read.bi", "rebrand.ly",
    "redd.it", "reut.rs", "short.gy", "shorte.st", "shorturl.at", "smarturl.it", "snip.ly",
    "soo.gd", "spoti.fi", "spr.ly", "su.pr", "surl.li", "t.cn", "t.co", "t.ly", "tiny.cc",
    "tiny.one", "tinyurl.com", "tl.gd", "tmblr.co", "tnw.to", "tr.im", "trib.al", "u.to", "urlz.fr",
    "v.gd", "v.ht", "vk.cc", "wapo.st", "wp.me", "x.co", "x.gd", "yhoo.it", "zd.net", "zpr.io",
    "zurl.co",
})  # fmt: skip
"""Lower case, without `www.`; a host below one of them is one too (`ft.trib.al`).

youtu.be is none: it leads to one site, and the name says which.
"""
