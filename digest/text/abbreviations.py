"""The words that say whether a full stop behind them, or before them, ends a sentence."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Titles, and other words that a name or a figure always follows.
JOINED = _set(
    "Mr Mrs Ms Mx Dr Drs Prof Gen Lt Col Sgt Capt Cpl Pvt Maj Brig Adm Cmdr Cdr Sen Rep Reps Sens "
    "Gov Govs Rev Fr Hon Pres Supt Insp Det Atty Amb Msgr Ft Mme Mlle Messrs Sra Srta Vs vs v cf "
    "viz approx Lieut Comdr Ald Dir Rt Spc Pfc Asst Assoc Dist Smt Shri Mohd Gens Cols Profs "
    "Const Ens Dep Treas Sec-Gen Br Ambs Attys Sub-Insp"
)
# Words that end a sentence unless a figure follows.
BEFORE_FIGURE = _set(
    "No Nos no nos p pp vol Vol Vols ch Ch Chap fig Fig Figs Art art Sec sec Rs RS para Tel Ext "
    "ext c ca b d r Pt pt Op op ft Rte Rtes Hwy Rm Apt Bldg Ste "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec"
)
DAYS = _set("Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun")
MONTHS = _set(
    "Jan Feb Mar Apr May Jun Jul Aug Sep Sept Oct Nov Dec January February March April June July "
    "August September October November December"
)
# Words after which a capital may belong to the same name: only a word that opens sentences ends it.
DOUBTFUL = _set(
    "Inc Corp Co Cos Ltd Bros Jr Sr Esq Ph.D M.D LL.D S.A plc Assn Assoc Dept Univ Intl Natl Govt "
    "St Ste Mt Ave Blvd Rd Ln Hwy al Ariz Ark Calif Colo Conn Del Fla Ga Ill Kan Ky La Mass Md "
    "Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Tenn Tex Va Vt Wash Wis Wyo Ont Que est"
)
STARTERS = _set(
    "The A An He She It They We You His Her Their Its This That These Those There But And So Or "
    "In On At For If When While After Before As Since With By To From Some Many Most Both All One "
    "Two Three However Meanwhile Also According Last Earlier Now Not No What Who Why How Where "
    "Under Despite Although Though Because During Another Other Our My Your Officials Such Then "
    "Until Once Still Yet Even Only Several Few Each Every Nearly About More Here Later Mr Mrs "
    "Ms Dr Instead Today Yesterday Police"
)
# These open a sentence only where small letters go on: not in "U.S. Stocks Fall" or "Inc. Is".
WEAK_STARTERS = _set(
    "Do Did Does Is Are Was Were Can Could Let Please Residents Witnesses Prosecutors Authorities "
    "Lawyers Critics Investigators Detectives Firefighters Rescuers Crews Reporters Voters Experts "
    "Researchers Scientists Doctors Analysts Economists Shares Sales Profits Profit Stocks Prices "
    "Revenue Investors Traders Neighbors Neighbours Fans Protesters Demonstrators Workers Students "
    "Parents Teachers Children People Men Women Users Customers Lawmakers Republicans Democrats "
    "Nobody Everyone Someone Nothing Everything Anyone Hundreds Thousands Dozens Millions"
)
# Powers that act upon the U.S. or the U.N. where a verb follows.
POWERS = _set(
    "Russia China Iran Israel India Japan Britain France Germany Turkey Ukraine Pakistan Syria "
    "Iraq Brazil Canada Mexico Egypt Moscow Beijing Tehran Washington London Paris Berlin"
)
# Names that one letter ends: Plan B, hepatitis C, World War I.
LETTERED = _set(
    "plan player type group class section grade hepatitis vitamin option category phase zone line "
    "exhibit wing level block appendix war schedule suspect influenza serie model"
)
# A sentence does not end in them: "And the winner is … Norway".
HANGING = _set("is are was were the a an of and or to for with from by in at as his her their our")
# At such words a plural goes on with a firm's name: "Warner Bros. Pictures won".
FIRMS = _set(
    "Pictures Studios Holdings Brands Records Systems Industries Stores Motors Airlines Films "
    "Foods Games Labs Partners Resources Services Technologies Networks Sports Communications"
)
FIRM = _set("Inc Corp Co Ltd LLC Brands Group Holdings plc Magazine")
AFTER_HOUR = MONTHS | _set(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Thu Thurs Fri Sat "
    "Sun Eastern Central Mountain Pacific Atlantic Greenwich Beijing London Tokyo Paris Moscow IST "
    "ET EST EDT CT CST CDT MT MST MDT PT PST PDT GMT UTC BST CET CEST JST AEST HKT WIB"
)
# Books whose verses are counted: "1 Cor. 13:4".
BOOKS = _set(
    "Gen Ex Exod Lev Num Deut Josh Judg Sam Kgs Chr Ps Pss Prov Eccl Isa Jer Lam Ezek Dan Hos Mic "
    "Hab Zech Mal Matt Mk Lk Jn Rom Cor Gal Eph Phil Col Thess Tim Tit Heb Jas Pet Rev"
)
LISTED_WORDS = JOINED | BEFORE_FIGURE | DOUBTFUL
ERAS = frozenset({"B.C", "A.D", "B.C.E", "C.E"})
NEVER = frozenset({"e.g", "i.e", "E.g", "I.e", "v", "vs"})
DOMAINS = frozenset({"Com", "Net", "Org", "Js", "Py", "Io", "Ai", "COM", "NET", "ORG"})
PRONOUNS = frozenset({"He", "She", "They", "It", "I", "We", "You", "The", "A", "In", "But", "And"})
