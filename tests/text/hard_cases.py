"""Hard sentence boundaries of English news: one case a line, in the order an editor meets them.

` | ` is a boundary with a space, `|` one without (glued by scraping), ` ¶ ` an empty line.
"""

from __future__ import annotations

import re

FIRST = """
Sgt. Paula Dene was first on the scene. | Cpl. Ty Ross drove.
Maj. Gen. Ivo Strand briefed reporters. | He took no questions.
Rep. Dale Oaks, R-Ohio, voted no. | Sen. Mia Fenn, D-N.H., voted yes.
Former Lt. Gov. Hal Boone will run. | His wife will not.
Rev. Dr. Amos Kile led the prayer. | Some wept.
The Rt. Hon. Jane Askew took the oath.
Hon. Justice P. K. Bose heard the plea. | It was dismissed.
Messrs. Hall and Pike own it.
Supt. Mark Ellery said the road was shut. | Det. Insp. Kay Low is leading the case.
Adm. Lou Perry and Col. Ben Hart flew in.
Pvt. John Ames, 19, was killed. | Spc. Lee Wynn was hurt.
Asst. Dist. Atty. Rita Song filed charges.
Smt. Kamla Devi and Shri. R. N. Rao spoke.
Amb. Nils Friis signed for Denmark. | Amb. Ruiz signed for Chile.
Ald. Tom Vance (Ward 4) objected.
Gens. Ross and Kemp retired. | Both had served in Iraq.
Insp. Gen. A. K. Sen denied it.
Warner Bros. Pictures won the bid. | Its rival did not.
He works for Warner Bros. | She works for a bank.
W. E. B. Du Bois wrote it. | It sold out.
The novelist P.D. James set it in Dorset.
M.S. Dhoni hit 54. | Virat S. Rana made 80.
The gunman, identified as Roy T., was held. | He is 22.
Police named the suspect as Karim B. | He had fled to Spain.
Samuel L. Jackson was cast. | The film opens in May.
The winner was Player A. | The loser was Player B.
He got an A. | His sister got a B.
Doctors blamed hepatitis C. | Tests go on.
E. coli was found in the lettuce. | Two people fell ill.
The actor T.J. Miles was hurt. | "I slipped," T.J. said.
Robert F. Kennedy ran too. | He was shot.
The trial starts Feb. 3. | A jury will be picked Jan. 30.
He died on Nov. 4, 1998, in Perth.
It was due last Aug. | Nobody came.
Shops shut from Mon. to Thurs. | The market stays open.
Bids close Tues. Sept. 9.
On Oct. 31st the lights go off.
The truce, signed Dec. 1, held. | On Dec. 9 it broke.
The yen fell to 151.20. | Stocks rose 0.8%.
It costs $5. | Children pay $2.50.
Shares closed at £3.10. | A year ago they were at £4.
The fine was €2.5m. | The firm will appeal.
He paid Rs. 3.5 crore. | The deed names his son.
Inflation was .5 percent in June. | It was .7 in May.
It cost A$1.2bn. | The state paid half.
The stake is worth US$3 million. | U.S. regulators must agree.
Oil hit $90.10 a barrel. | Brent rose 1.4 pct. | Gold was flat.
He owes approx. 40 million pesos.
The quake measured 6.1. | No tsunami warning was issued.
Unemployment fell to 3.9 per cent. | 12,000 jobs were added.
Polls close at 7 p.m. | Results are due by 10 p.m. local time.
The plane left at 6:40 a.m. | It never arrived.
Doors open at 8 p.m. | Tickets cost $10.
The game starts at 1 p.m. Sunday. | CBS will show it.
A blast was heard at 11 p.m. GMT. | It was a gas main.
Police were called at 2 a.m. Saturday to a flat in Leeds.
The curfew runs from 9 p.m. to 5 a.m. | Soldiers will enforce it.
The meeting began at 4 p.m. | Mayor Lila Cohn was absent.
Service ends at 12 a.m. | “That is too early,” said one rider.
Caesar died in 44 B.C. | Rome was at war.
The temple dates from 200 A.D. and still stands.
The call came at 3 a.m. PT. | Nobody answered.
He is wanted in the U.S. | His lawyer says he is innocent.
The U.S. Senate voted. | The House did not.
The resolution went to the U.N. | Russia objected.
Relations with the E.U. are cool. | The E.U. Commission had no comment.
She moved to the U.K. in 2009. | In the U.K. she found work.
The ship flew the U.S. flag. | “U.S.A.!” the crew shouted.
The head of the U.A.E. Foreign Ministry resigned.
Troops will leave the U.S. | They go to Guam.
The deal binds the U.S. and China. | Both signed.
The U.S. Supreme Court will hear it. | A ruling is due in June.
He studied in the U.S. | After that he joined the U.N. Secretariat.
It is made in the U.S.A. | It is sold in Peru.
“I love the U.S.,” he said. | “It took me in.”
She left for L.A. | Her band stayed in N.Y.
The U.S. Army Corps of Engineers built it.
Exports to the U.S. fell. | Those to the E.U. rose.
Critics blamed the U.S. | But the U.N. blamed both.
"It’s over," she said. | "We lost."
“Did he say ‘never’?” asked the judge. | The witness nodded.
“We were afraid. | We ran,” said Lena Orr.
He called it “a disgrace.” | Others called it ‘a farce’.
The sign read “Keep Out!” and nobody did.
"Who did this?" the mayor asked. | "Tell us now."
“Stop!” | The car did not stop.
She said: “I am not done. | Watch me.”
'We are shocked,' said Mr Lowe. | 'We had no idea.'
The minister said 'no.' | Then he left.
“Never again!” they chanted. | Police looked on.
“What now?” she wrote. | “What next?”
He shouted, “Fire!” | Everyone ran.
“I asked him, ‘Why?’ and he said nothing,” Ms. Tran recalled.
"They told us 'wait here.' | We waited," said Ade Bello.
“The plan,” he said, “is dead.” | Aides were stunned.
The group calls itself “No More!” | It has 40 members.
‘I won’t go,’ she said. | ‘You can’t make me.’
“Yes.” | “No.” | “Perhaps.”
“We’re broke”. | That is what he said.
Mr. Dunn said the bill was “dead on arrival.” | Democrats disagreed.
“Is this legal?” wondered Prof. Adler. | No one answered.
Asked “How many?”, he shrugged.
"I'm done." | With that, he quit.
“I love this town!” Ms. Vale said. | “It made me.”
“Why me?” Harris said. | “Why now?”
“Come home!” his mother cried.
“...and that was that,” he said. | Nobody laughed.
Her tweet read: “Free at last! | Thank you all!”
The firm (founded in 1903) shut. | (It had 12 staff.) | Its site is for sale.
The Senate [led by Mr. Cole] agreed. | “[He] was brave,” she said.
The treaty (see Art. 5) binds all. | The U.S. (but not Canada) signed.
He won (again!) on Sunday. | Fans wept.
She asked (why?) and left.
The bank (Hale Holdings plc.) declined. | Shares fell.
Three died (two in Mali, one in Chad). | Nine were hurt.
“[The deal] is off. | [We] move on,” he wrote.
“We hope ... we pray,” he said. | Then silence.
The line went dead . . . | Then it rang again.
“Well… maybe,” she said. | She smiled.
And the winner is … Norway!
He trailed off.... | No one spoke.
“I don’t… I can’t,” he said.
Read more at www.example.org. | The site is free.
Mail tips@example.com. | We read all of them.
The file report_v2.final.pdf was leaked. | It has 90 pages.
Version 10.15.7 fixes it. | Version 11 is due in May.
Amazon.com Inc. beat forecasts. | Booking.com did not.
See https://example.com/news?id=3. | It has maps.
He wrote setup.py. | It runs on ASP.NET too.
The domain .io is at risk. | So is .su too.
Log on to example.co.uk/vote. | It takes a minute.
iOS 17.2 is out. | macOS 14.2 follows.
The bug is in Log4j 2.14.1. | Users should update.
The plan has three steps. | 1. Cut rates. | 2. Sell bonds. | 3. Wait.
Winners: 1. Kenya, 2. Japan, 3. Peru.
The firm cut jobs. | eBay did the same.
He sold his shares. | iRobot fell 9%.
Fares will rise. | easyJet said it would refund all.
The song is by will.i.am. | It is short.
The show stars k.d. lang. | It is sold out.
In Miranda v. Arizona, the court ruled 5-4. | That was in 1966.
The firm won Smith v. Jones. | It cited 347 U.S. 483.
The appeal, Doe et al. v. State, failed.
Judges cited Sec. 230. | Sec. 144 was imposed.
It breaks Art. 5 of the treaty.
The U.S. v. Hale trial opens Monday.
India vs. Nepal was rained off. | Kenya vs. Oman was not.
He quoted John 3:16. | The crowd said amen.
The pastor read Gen. 1:1 and Rev. 2:9. | Then he sat down.
She cited 1 Cor. 13:4.
United won 3-0. | City drew 1-1.
He shot a 67. | Day two begins at 9 a.m.
She won 6-4, 7-6 (7-3). | Her next match is Friday.
Australia made 310 for 4. | England were 12 for 2.
His average is .312. | No one is close.
He lives at 221 Baker St. in London. | Neighbors like him.
The fire began at 14 Elm Ave. | Crews came fast.
Send it to P.O. Box 12, Salem, Ore. | Do not call.
The office at 5 Main St. NW was searched.
Ft. Lauderdale and St. Louis were hit. | Mt. Vernon was not.
They met on Sunset Blvd. near the park.
Crash closes Rte. 9. | Drivers should use Hwy. 12.
She lives on Park Ave. | Her son lives on 5th.
Police sealed St. James’s Park.
Born in St. Paul, Minn., he moved to Washington, D.C., at 20.
Yum! Brands posted a loss. | KFC sales fell.
Yahoo! said it was hacked. | Users were told.
He left Tyson Foods Inc. | The board thanked him.
Sony Corp. and Apple Inc. settled. | Terms were not given.
Marks & Co. Ltd. has closed. | Its staff of 40 are out.
Panic! at the Disco split up.
Hale & Hale Corp. President Al Gorsky spoke.
Shares rose at Ford Motor Co. | Analysts had feared worse.
Toys “R” Us Inc. filed for bankruptcy.
Guess? Inc. named a new chief.
Eni S.p.A. Chairman Luca Vitti resigned.
Banco Azul S.A. said on Tuesday it would list. | Its shares are in demand.
Monsters, Inc. was a hit. | So was Up.
The No. 1 seed lost. | No. 2 won.
Flight No. 77 was late. | Why? | No one knew.
300 people marched. | 14 were held. | 2 died.
Asked if he would resign, he said no. | 2024 is his last year.
Nos. 4 and 5 were void.
It sold 5 million. | 5,000 were returned.
She is ranked No. 3. | He is ranked No. 9.
He was born in 1950. | 1950 was cold.
He was late — very late. | She left.
LONDON — The pound fell. | Traders shrugged.
WASHINGTON (AP) — The Senate voted Tues. to adjourn. | It meets again Jan. 4.
“I never —” he began. | Then the bell rang.
PARIS, Jan. 7 (Reuters) - French shares fell. | Banks led losses.
The vote – the third this week – failed. | Will there be a fourth?
The court rose.|The judge had left.
It cost $3.|Then it cost $4.
He was 34.|His wife was 31.
"We won."|The crowd roared.
Was he there?|Nobody saw him.
Stop!|They ran.
He left the U.S.|She stayed.
The home was sold in 2012.|It burned down.
“We are fine,” he said.|“Go home.”
The storm hit Texas.|Gov. Ann Reed flew there.
Prices rose 5%.|Wages did not.
(It was late.)|He slept.
He met Mr.Khan and Dr.Rao.
It was built for J.P.Morgan staff.
STORM HITS COAST ¶ Thousands fled. | Roads were cut.
WHAT WE KNOW ¶ The blast was at 9 a.m. ¶ WHAT WE DON’T ¶ Who did it.
THE PRESIDENT IS DEAD. | LONG LIVE THE PRESIDENT.
HE SAID NO. | SHE SAID YES.
He met King Charles III. | The talk was brief.
He played in Super Bowl LVII. | Then he quit.
The ship sank in World War II. | Divers found it.
It is in Vol. IV of the report.
Ursula von der Leyen spoke. | Von der Leyen was brief.
Mme. Roux and M. Petit split. | Each keeps half.
Sr. Gomez and Sra. Ruiz sued.
Md. Rafiq and Mohd. Aslam were freed. | They had served 3 yrs. | Both are ill.
He holds a B.A. from Yale. | She holds a Ph.D. | Both teach.
Jane Roe, M.D., agreed. | Ngozi Ade, Ph.D., did not.
He has an M.B.A. | It took two years.
The U.S.S. Cole was hit. | H.M.S. Bounty was not.
Temperatures hit 40 C. | Winds reached 90 mph.
The parcel weighed 5 lbs. | It was 3 ft. long.
He is 6 ft. 2 in. tall.
The site covers 40 sq. km. | It is fenced.
The debate is jobs vs. trees. | Both sides lost.
Rice, oil, salt, etc., were sent.
Others (teachers, nurses, etc.) joined. | Some did not.
Who pays? | You do. | Why? | Because the law says so.
Is it, as some ask, “a coup?” | Perhaps.
Can it last?? | Few think so.
Really?! | Yes, really.
Roads are shut. | Stay home! | @citydesk has more.
“So proud of @team! | #GoBlue is real,” she tweeted.
Thanks to all!!! | You rock.
He was 5. | She was 7.
Eat more vitamin C. | It helps.
He said, “I’m from St. Louis, Mo.” | She laughed.
The est. cost is 4 million.
The Dept. of Health knew. | It did not act.
""".strip().splitlines()


# Written after the rules had been mended by the first.
SECOND = """
Staff Sgt. Amy Pell and 1st Lt. Dan Roe were killed. | Both were 24.
The Very Rev. Alan Moss will preside. | Tea follows.
Attorney Gen. Lou Marsh sued. | Asst. Sec. Joan Dale did not.
Brig. Gen. (ret.) Saul Peres disagreed. | He called it “folly.”
Mrs. J. B. Hollis, 91, slept through it.
Sir Ian McCall O.B.E. was there.
“My son, D.J., was with me,” she said.
Sister Mary C. Lynch, R.N., ran the ward. | It closed in 1988.
The suspect, a Mr. X., fled. | Police want to hear from Mrs. X.
Drake Jr. scored twice. | Cal Ripley Sr. watched.
The deadline is midnight Sept. 30. | Congress has until then.
He joined in Jan. of that year. | By Mar. he had left.
Rain is likely on Sat. | Sunday will be dry.
Gold rose to $1,902.40. | Silver eased.
It raised $2m. | £1m came from one donor.
The euro bought $1.08. | The pound bought $1.26, up from $1.25.
He was fined Rs. 10,000. | The sum went to Smt. Devi.
Turnout was 61.4%. | In 2015 it was 66%.
The bus leaves at 8.15am. | Passengers should arrive by 8am.
Kickoff is 3 p.m. BST. | Gates open at noon.
The bar shuts at 2 a.m. | Neighbours want midnight.
At 5 p.m. Gov. Reed spoke. | At 6 p.m. she left.
He left the UK. | Prime Minister Ola Berg thanked him.
The tests were held in the U.A.E. | Officials there were pleased.
China warned the U.S. | It said the U.N. must act.
U.S.-led forces hit the town. | Two U.S. Marines died.
The D.A. said no. | The F.B.I. would not comment.
“He asked, ‘Are you the one?’ | I said no,” Mr. Bell told the court.
“Where is he?” Detective Lara Moon asked. | “Gone.”
"Why?" he said. | "Because I can."
“It was a mistake,” she said, “and I’m sorry.” | The court was silent.
He titled it “What Is to Be Done?” and left.
The chant was “Out! Out! Out!” | It went on for hours.
“Mr. Speaker, I object!” | The House laughed.
Her reply (“No.”) was brief.
The report (p. 12) is blunt. | Table 3.2 shows why.
Some (e.g. Mr. Dale) left early. | Others stayed.
“They were . . . kind,” she said. | “Very kind.”
The question is ... who pays?
He waited… | Nothing happened.
Go to bbc.example/sport. | Scores are live.
The leak was in data_2020.csv. | Analysts found it.
It needs Python 3.11. | Older versions fail.
The steps are simple: 1. Stop. | 2. Look. | 3. Listen.
The app is by id Software. | eBay sellers love it.
Lawyers cited Brown v. Board of Education. | The judge nodded.
The text is from Matt. 5:9. | Few knew it.
Spurs beat Leeds 4-2. | Leeds were down to 10.
They met at 10 Downing St. | Aides waited outside.
A fire on N. 4th St. killed two. | It began at 3 a.m. Tuesday.
Wham! Inc. sued Target Corp. | Target said the claims are false.
Cargill Ltd. Vice President Ole Ness quit.
Shares in Apex Holdings Inc. fell. | Those of Bolt Co. rose.
He is No. 4. | No. 5 is his son.
PARIS — It rained. | MILAN (AP) — It snowed.
The deal is dead.|Mr. Cole said so.
"It’s gone."|He wept.
HURRICANE NEARS. | 2 MILLION TOLD TO GO.
It opened in World War I. | Soldiers slept there.
Henry VIII. had six wives, the guide joked.
Type B. is rarer. | Group A. is not.
The dam is 40 ft. high. | It holds 3 cu. km. of water.
""".strip().splitlines()


def sentences_of(case: str) -> tuple[str, list[str]]:
    """A case's text and the sentences that must come back."""
    text = case.replace(" ¶ ", "\n\n").replace(" | ", " ").replace("|", "")
    return text, re.split(r" ¶ | \| |\|", case)
