"""What the sources of the bundled newsletter told in the four weeks before its sample issue.

Written for this project, as the sample is: `bench.newsroom` makes earlier issues of it, so that an
archive has something to be searched and compared.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """A report: its source, its week, the day of that week (0 is the Friday of its beginning)."""

    source: str
    week: int
    day: int
    title: str
    text: str


COURIER, WIRE, NOTES, RADIO = "courier", "wire", "institute", "netloft"

TOLD = (
    Told(COURIER, 43, 1, "Council asks again what the pier hut costs",
         "The pier hut at Netloft has had one watchkeeper since April, and the council wants to "
         "know what a second one would cost. The harbor office says $38,000 a year.\n\n"
         "The question comes up for the third time. It was put off until the budget in spring, "
         "when the storms are over."),
    Told(COURIER, 43, 4, "Island school counts its pupils, and the bill",
         "Nine children go to school on St. Brannoc, two fewer than a year ago. The town’s "
         "treasurer has reckoned what closing the school would save: $212,000 a year.\n\n"
         "Parents answer that no boat crosses on four mornings out of a winter’s ten."),
    Told(WIRE, 43, 2, "Crab survey begins along the whole coast",
         "Two boats set out on Sunday to count crabs at 212 stations between the Sallow Sound and "
         "the state line. They measure each animal and let it go.\n\nThe season’s length hangs on "
         "the number of young females. Last year it was the second lowest on record."),
    Told(NOTES, 43, 3, "A microphone goes down for the winter",
         "We lowered a microphone to 240 feet at the mouth of the Sound on Monday. It will listen "
         "until April and be heard only then: the recorder has no cable to the shore.\n\n"
         "Last winter it caught humpbacks on 31 nights, and once a ship’s piano."),
    Told(RADIO, 43, 5, "The Tidehouse strips its stage to the joists",
         "The Tidehouse theater has taken up its stage, board by board, and found a tram ticket of "
         "1931 below it. The joists are sound, the carpenters say.\n\nThe house opens again in "
         "November if the lamps arrive."),
    Told(COURIER, 44, 1, "Ferry Kittiwake back from the yard with a new engine",
         "The Kittiwake took up her timetable on Saturday after three weeks at the Tolliver yard. "
         "Her new engine burns a fifth less.\n\nThe night ferry stays as it was: Fridays and "
         "Saturdays at eleven, and back at half past midnight."),
    Told(COURIER, 44, 4, "Storm kit for every house on the low quay",
         "The fire brigade hands out sandbags, boards and a leaflet to 84 houses on the low quay. "
         "Whoever cannot carry them is asked to call.\n\nThe highest tide of the year is reckoned "
         "for the last week of November."),
    Told(WIRE, 44, 3, "Cable ship loads 14 miles of power line for St. Brannoc",
         "A ship took on the island’s new power cable at the county dock on Monday: 14 miles of "
         "it, wound like thread. Laying begins when three calm days stand in the forecast.\n\n"
         "The old cable has failed eleven times in two years."),
    Told(NOTES, 44, 5, "Counting eelgrass from a kayak",
         "Twelve volunteers paddled the inner harbor with a glass-bottomed box and counted shoots "
         "of eelgrass. They found 41, all of them off the old cannery.\n\nDivers will look again "
         "before winter. Forty-one shoots may be a beginning or an accident."),
    Told(RADIO, 44, 2, "Choir of the net menders looks for basses",
         "The choir that meets in the net loft has 22 sopranos and three basses, one of whom is "
         "moving away. It sings every Tuesday, and nobody has to read music.\n\nThe winter concert "
         "is about weather."),
    Told(COURIER, 45, 1, "Night market moves under the hall’s roof",
         "The night market leaves the quay for the fish hall until March. The stalls open at six, "
         "when the auction’s crates are hosed down.\n\nSixteen traders have signed, among them the "
         "woman who sells one kind of soup."),
    Told(COURIER, 45, 5, "Harbor fees: the paper that nobody had read",
         "The new harbor fees stand in a paper of 61 pages that three of nine councilors say they "
         "have read. A vote is set for the middle of November.\n\nBoats under 24 feet would pay "
         "nothing more. The ferry would."),
    Told(WIRE, 45, 2, "Shipwrights find a keel bolt signed in 1911",
         "The schooner that is being mended at Tolliver’s has a bolt in her keel with a name "
         "punched into it: A. Sorrel, 1911. His great-granddaughter still lives in the county.\n\n"
         "The bolt goes back where it was."),
    Told(WIRE, 45, 4, "Lighthouse logs come down from the lamp room",
         "Seventy years of logs have been carried down from the lamp room of Gannet Head light. "
         "They were kept in biscuit tins, and the tins kept them dry.\n\nA keeper’s granddaughter "
         "will read them all, she says, beginning with the days on which nothing happened."),
    Told(NOTES, 45, 3, "Why the fog comes at breakfast",
         "Fog lies over the Sound on one November morning in three, and mostly between six and "
         "nine. The water is then eight degrees warmer than the air off the moor.\n\nBy ten the "
         "sun has paid the difference."),
    Told(COURIER, 46, 2, "Ferry hearing: islanders want a first boat at six",
         "Some 70 islanders came to the hearing on the winter timetable and asked for a ferry at "
         "six. The company offers half past six, on weekdays.\n\nWhoever works at the hospital "
         "begins at seven. The captain of the Kittiwake said that she is up anyway."),
    Told(WIRE, 46, 3, "Gale warning season begins with three names",
         "The weather service has published its names for the winter: Gerrit, Hedda and Ivo come "
         "first. A storm gets a name when gusts above 60 miles an hour are likely.\n\nLast winter "
         "nine were used."),
    Told(NOTES, 46, 4, "The river under the Sound: a second drill goes down",
         "The drill ship anchored over the drowned valley again on Tuesday and brought up 19 feet "
         "of gravel with hazel nuts in it. They will be dated this month.\n\nHazel does not grow "
         "at sea. Somebody may have sat on that bank."),
    Told(RADIO, 46, 5, "A week with the keeper of the chapel clock",
         "The chapel clock loses four minutes a week, and every Wednesday Jonas Prewitt climbs 83 "
         "steps to give them back. He is 78 and counts aloud.\n\nHe has never set it by the radio. "
         "He sets it by the seven o’clock ferry."),
)  # fmt: skip
