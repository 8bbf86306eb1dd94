"""Paragraphs that are no part of a story, told by their words alone; each kind was seen in real articles.

Every pattern must fit the whole paragraph, written on one line: a sentence that only begins like one of them stays.
"""

import re

LONGEST = 1_000  # characters; nothing longer is an advertisement, a link or a credit

AGENCIES = (
    r"AFP|AP|(?:The\ )?Associated\ Press|Reuters|agencies|CNN(?:\ ?Business)?|Xinhua|dpa|UPI|ANI|PTI|IANS|TASS|MENAFN|"
    r"USA\ ?TODAY(?:\ (?:Sports|NETWORK|Opinion|College))?|Bloomberg|EPA|BBC"
)
OUTLETS = (
    r"(?:[A-Z][\w.&'’-]*\s){0,3}(?:\S*(?:News|Times|Post|Herald|Guardian|Tribune|Journal|Telegraph|Today|Online|Press|"
    r"\.com|\.org|\.net)|BBC|CNN|AP|AFP|Reuters|CBC|NPR|DW|RT)"
)
_NAME = r"[A-Z][\w.'’-]*(?:\ [A-Z][\w.'’-]*){1,3}"  # a person's, each word with a capital
NAMES = rf"{_NAME}(?:(?:,|,?\ and|\ &)\ {_NAME}){{0,5}}"
JOBS = (
    r"reporter|columnist|correspondent|editor|journalist|producer|writer|critic|anchor|photographer|author|contributor|"
    r"professor|fellow|director|strategist|commentator|intern"
)
_REACHED = r"(?:@\w|https?://|www\.|\(?\d{3}\)?[\ -]\d{3}-\d{4}|\bTwitter\b|\bX\b|\bnewsletters?\b|\bby\ email\b)"

FIXED = r"""(?:
    (?:you\ can\ )?share\ this\b.{0,60} | share\ (?:the\ )?(?:article|story|post|news)\b.{0,40}
    | share | tweet | print | e-?mail | comments? | advertise?ments? | sponsored | copy\ link | save | menu | search
    | source\ links? | source | read\ (?:more|also|next|full\ story)\b(?:\ ?:.{0,150}|.{0,30})
    | (?:related|recommended|more|popular|latest|trending)\ (?:articles?|stories|posts?|news|topics?|content|coverage)
    | (?:you\ (?:may|might)\ also\ like|more\ from\b.{0,40}|also\ read\ ?:.{0,150}|see\ also\ ?:.{0,150})
    | leave\ a\ (?:reply|comment)\b.{0,60} | (?:post|write|add)\ a\ comment | cancel\ reply | no\ comments?\ yet
    | your\ email\ address\ will\ not\ be\ published.{0,80} | required\ fields\ are\ marked.{0,20}
    | (?:back|go|return|skip)\ to\ (?:the\ )?(?:top|homepage|main\ content|content)(?:\ button)?
    | (?:sign|log)\ (?:up|in)\b.{0,120} | subscribe\b.{0,160} | follow\ us\b.{0,100} | click\ here\b.{0,100}
    | all\ rights\ reserved.{0,80} | (?:©|\(c\)|copyright)\ .{0,120}
    | (?:published|updated|posted|last\ updated|modified)\b.{0,20}\bago\b.{0,60}
    | (?:(?:the\ )?story\ continues|article\ continues|continue\ reading)\b.{0,60}
    | (?:photo|image|picture)\ ?(?:credit|by|:).{0,80}
    | [^.!?]{0,60}(?:getty\ images|/\ ?(?:afp|reuters|epa)|(?:afp|reuters|ap)\ photo)
    | more\ ?: | see\ more | show\ more | view\ (?:more|all) | editors | p\.?s\.?\ like\ .{0,200}
    | (?!.*[.!?])shop\ [\w\ ]{3,30} | read\ the\ (?:full|whole)\ (?:story|article|interview|report)\b.{0,60}
    | about\ this\ (?:story|article|project|series) | .{0,60}\ may\ earn\ (?:a\ )?(?:revenue|commission)
        \ (?:from\ .{2,40}\ for\ .{0,20}referrals|if\ you|when\ you|from\ (?:your|links|purchases|affiliate)).{0,400}
    | (?:warning\W+|caution\W+)?this\ (?:story|article|report|video|(?:photo\ )?gallery)\ contains\ .{0,60}
        (?:graphic|disturbing|spoilers|offensive|explicit|profan).{0,150}
    | [\w\ ]{2,40}\ has\ a\ disclosure\ policy
    | the\ author\W{0,3}s?\)?\ (?:may\ have|has|have|owns?)\ .{0,40}\ stocks?\b.{0,60}
    | (?:prev(?:ious)?\ )?next | video\ ad\ feedback\b.{0,300} | video\ player\ was\ slow\b.{0,200}
    | (?:\d\.\ )?how\ relevant\ is\ this\ ad\b.{0,30} | our\ fact[ -]?check\ sources:? | quiz\ time!?
    | a\ break\ from\ the\ news | real\ quick | just\ for\ subscribers | just\ curious\ for\ more\b.{0,60}
    | just\ watched\b.{0,300}\bmust\ watch\b.{0,300} | hit\ play\ on\ the\ player\b.{0,400}
    | (?:for\ the\ full\ story,\ )?click\ here | .{0,60}\bcontributed\ reporting | produced\ by\ cnn\b.{0,60}
    | usa\ ?today(?:\ sports)?\ staff | .{5,200}\ \d\d:\d\d\ -\ source:\ .{2,200} | tweet\ .{0,40}@\w+
    | can['’]t\ see\ our\ .{3,30}\?.{0,40} | these\ articles\ are\ for\ .{2,40}\ subscribers\b.{0,300}
    | when\ investing\ geniuses\b.{0,400} | .{3,60}\ just\ revealed\ what\ they\ believe\b.{0,300}
    | stock\ advisor\ returns\ as\ of\b.{0,60}
    )"""

# An invitation: how it begins, and a word that shows what to.
INVITATION = r"""(?:
    (?:sign[\ -]?up | subscribe | join | get | download | listen | watch | follow | looking\ for | don['’]t\ miss
    | support\ (?:our|local|the|quality|journalism) | text\ (?:with|us|\d|\w+\ to) | play\ (?:the|our|usa)
    | take\ (?:the|our|cnn) | like\ (?:knowing|what\ you) | want\ (?:to|more|the|daily|a|our|it) | need\ a
    | stay\ (?:in|up|connected|informed|on) | (?:have|got)\ an? | do\ you\ (?:have|want|know|like) | prep\ for
    | if\ your\ day | check\ (?:out|your) | learn\ about | thanks?(?:\ you)?\ for | we\ are\ (?:providing|offering)
    | we\ will\ use | would\ you\ like | you\ can\ (?:get|subscribe|sign\ up) | this\ week\ on | the\ short\ list
    | the\ \S+\ newsletter | what['’]s\ (?:everyone|the\ weather) | help\ (?:us|support)
    | please\ (?:consider|help|support|subscribe|share)
    | stories\ of | let\ (?:me|us)\ know | never\ miss)\b
    .{0,500}?
    (?:newsletters? | (?:your|in)\ e?-?mail | inbox | \bsubscri(?:be|ber|bers|ption|ptions|bing)\b | \bsign[\ -]?up\b
    | (?:local|quality|our|supporting|support)\ journalism | our\ (?:free\ )?(?:app|podcasts?)\b
    | (?:listen|watch|read|see|tune\ in)\ (?:more\ )?here | (?:news|weekly|daily|mini)\ quiz | crossword | puzzles?
    | voter\ guide | live\ (?:coverage|updates|blog) | scores\ and\ schedules | on\ (?:twitter|facebook)\b
    | hear\ from\ you | sending\ (?:me|us)\ | secure\ tip | story\ idea | reach\ out: | local\ forecast
    | privacy\ policy
    | the\ (?:information|details)\ you\ have\ shared).{0,700}
    | if\ you\ .{0,400}(?:hear\ from\ you|secure\ tip|story\ idea).{0,200}
    | more\ ap\ .{0,60}https?://.{0,200}
    )"""
_PROMOTED = r"(?:newsletters?|podcast|subscribers?|subscription|inbox)"
PROMISE = rf"""(?:
    (?:all\ things|nba|nfl|mlb|nhl|wnba|nascar|mls|world\ cup|college)\b.{{0,40}}:
        \ (?:the\ )?(?:latest|live|expert|everything)\b.{{0,120}}
    | (?:.{{0,200}}[.:?!…]\ ?|for\ more\b.{{0,60}},\ )(?:sign[\ -]up|subscribe)\ (?:(?:to|for)\ .{{0,80}}\bnewsletters?
        |(?:today\ |now\ |here\ )?(?:to|for)\ .{{0,40}}\bsubscription)\b.{{0,160}}
    | (?:.{{0,200}}[.:?!]\ )?support\ (?:his|her|their|our|my)\ \w{{2,20}}\ by\ subscribing\b.{{0,80}}
    | for\ more\ .{{2,60}},\ ?follow\ .{{0,20}}@\w.{{0,80}}
    | .{{0,60}}\b(?:app|newsletter)\ (?:gets|brings|keeps)\ you\b.{{0,300}}
    | .{{0,200}}\bcheck\ out\ our\b.{{0,60}}\ here
    | .{{0,60}}:\ (?:follow|see|read)\ .{{2,40}}['’]s\ (?:full\ )?coverage\b.{{0,80}}
    | .{{0,60}}\bvia\ text:\ sign[\ -]up\b.{{0,120}} | .{{0,120}}[!.?:]\ join\ .{{2,40}}\bwhatsapp\ channel\b.{{0,60}}
    | for\ the\ latest\ .{{0,120}},\ follow\ @\w.{{0,80}} | get\ more\ .{{0,80}}\ podcast
    | .{{0,60}}\bnewsletters?:\ .{{0,120}}\b(?:inbox|e?-?mail)\b.{{0,60}}
    | (?:.{{0,160}}[.?!]\ ?)?follow\ [A-Z].{{1,40}}\ on\ (?:facebook|twitter|instagram|tiktok|youtube)\b.{{0,200}}
    | want\ more\b.{{0,60}} | follow\ (?:every\ game|our)\b.{{0,80}}
    | .{{0,40}}\b(?:map|photos|video|graphics?|tracker|timeline|results?):
        \ (?:see|track|look|watch|check|follow)\b.{{0,100}}
    | (?:holiday|protect|hot)\ [\w\ ]{{2,20}}:\ .{{0,120}}
    | .{{0,160}}\b{_PROMOTED}\b.{{0,400}}\b(?:for\ free
        | (?:sign\ up|listen|subscribe|read|watch|tune\ in|download)\ (?:(?:it|now|to\ it|right)\ )?
            (?:here|now|today))\W*
    | we\ occasionally\ recommend\b.{{0,500}} | .{{0,60}}recommendations\ are\ independently\ chosen\b.{{0,300}}
    | .{{0,40}}prices\ were\ accurate\ at\ the\ time\b.{{0,200}}
    | .{{0,200}}\bis\ a\ .{{3,30}}\ content\ partner\b.{{0,300}}
    | (?:unable|not\ able)\ to\ (?:view|see)\ .{{0,40}}\?\ .{{0,60}}
    )"""
# What a paper says of its own text.
NOTICE = r"""\(?(?:
    (?:editor['’]?s?['’]?\ note\s*:\s*)?
        this\ (?:story|article|report|column|piece|file|post|page|video)(?:\ and\ (?:the\ )?headline)?\ (?:
        (?:has|have|had)\ been\ (?:updated|republished|refreshed)\b | (?:was|is|were)\ (?:last\ )?updated\b
        | contains\ previously\ published\b
        | (?:was|is|is\ being|has\ been)?\ ?(?:originally\ |first\ |also\ |co-?)?
            (?:published|republished|produced|appeared|offered|funded|supported|made\ possible)\b ).{0,300}
    | editor['’]?s?['’]?\ note\s*:.{0,400}\b(?:contributor|contributing|author\ of|professor|opinions?\ expressed|views
        |read\ more|newsletter|live\ (?:updates|coverage)|follow|first\ appeared|originally\ appeared
        |version\ of\ this)\b.{0,400}
    | .{0,120}\b(?:coverage|journalism|reporting|work)\b.{0,120}
        \bis\ (?:supported|made\ possible|funded)\b.{0,60}\bby\b.{0,300}
    | (?:a|the)\ (?:longer\ )?version\ of\ this\ (?:story|article|column)\ (?:first\ |originally\ )?appear.{0,250}
    | this\ (?:interview|conversation|transcript)\ (?:has\ been|was)\ (?:lightly\ )?(?:edited|condensed)\b.{0,80}
    | in\ addition\ to\ its\ own\ editorials\b.{0,300}
    | this\ is\ a\ compilation\ of\ stories\b.{0,200}
    | (?:the\ )?views?\ expressed\ (?:here|in\ this)\b.{0,200} | (?:additional\ )?reporting\ by\ .{3,200}
    )\)?"""
CREDITS = rf"""(?:
    (?i:contribut(?:ing|ors?))(?:\ (?:to\ this\ \w+|writers?))?\s*[:,]\ ?.{{2,400}}
    | .{{3,200}}\ (?i:contributed\ (?:reporting\ )?to\ this\ (?:report|story|article|column)).{{0,200}}
    | \W*(?:{NAMES})\ contributed\ (?:reporting\ )?from\ .{{2,100}}
    | \W*(?:{NAMES}|[A-Z][\w'’-]+)\ reported\ from\ [A-Z][\w'’ ,-]{{2,40}}
    | \W*(?i:with\ (?:additional\ )?reporting\ (?:from|by))\ .{{3,100}}
    | (?:From|Staff)\ (?:[\w\ ]{{2,40}}\ and\ )?(?:wire|staff|news)\ (?:services?|reports?)
    | Staff\ (?:report|reports|writers?|and\ wire\ reports) | Special\ (?:to|for)\ (?:the\ |The\ )?[A-Z][\w\ .-]{{2,40}}
    | (?:{AGENCIES})(?:(?:,|\ and|\ \|)\ (?:{AGENCIES}))* | (?:{NAMES}),?\ (?:{AGENCIES})
    | (?:[A-Z][\w.,'’\ -]{{1,50}}\ )?(?:{AGENCIES})\ [—–]
    | (?i:opinion|guest|sports|staff)\ (?i:columnist|contributor|writer)s?
    | (?i:courtesy)(?:\ of)?\ [A-Z].{{2,60}}
    )"""
CONTACT = rf"""(?:
    \W*(?:you\ can\ )?(?:contact | reach | e-?mail | follow | write\ to | find | to\ (?:contact|reach)
        | (?:got|have)\ a\ (?:news\ )?tip)\b.{{0,200}}{_REACHED}.{{0,300}}
    | (?-i:{NAMES})(?:,.{{2,40}})?:\ \(?\d{{3}}\)?[\ -]\d{{3}}-\d{{4}}.{{0,40}}@\w.{{0,80}}
    | AP\ .{{2,60}}:\ https?://\S+(?:\ and\ https?://\S+)?
    | contact:\ ?\S+@\S+ | (?-i:(?:[A-Z][\w.'’-]+\ )?)[\w.+-]+@[\w-]+\.[\w.]+
    | (?:on\ (?:twitter|x)\W*)?@\w+ (?:,.{{0,40}})?
    | .{{3,60}}\b(?:is\ on|(?:can|may)\ be\ (?:reached|found|contacted|emailed|followed)|is\ at)\b
        .{{0,200}}{_REACHED}.{{0,300}}
    )"""
BIO = rf"""
    (?:{NAMES}),?\ (?:is|are|was|covers?|writes?|reports?|works?|has)\b.{{0,500}}
    (?i:\breach\ (?:her|him|them|out|us) | \bfollow\ (?:her|him|them|us|.{{0,30}}\bon\b) 
        | \be-?mail\ (?:her|him|them|us) | \bcontact\b | say\ hello | can\ be\ (?:reached|followed|found) 
        | \bon\ (?:Twitter|X)\b | \bTwitter: | @\w{{3,}})
    .{{0,400}}"""
# A link to another story: a catchword, a colon, and its headline; or a headline run into its catchword.
_CATCHWORDS = r"""(?:\W{0,3}(?:
    more(?:\ (?:on|from|coverage|news|info|details|stories)\b.{0,40})?
    | story | stories | related(?:\ (?:story|article|news|content))?
    | (?:also\ )?read(?:\ (?:more|this|the\ full\ story|next|also|on))? | see\ also | previously(?:\ reported)?
    | earlier | learn\ more | watch(?:\ now)? | videos? | photos? | gallery
    | live | (?:[^:.]{0,60}\ )?live(?:\ updates?|\ blog)
    | fact[\ -]check | opinion | column | editorial | podcasts? | exclusive | analysis | recap | explainer
    | review | timeline
    | (?:dig|go)\ deeper | looking\ back | you\ (?:may|might)\ (?:also\ )?like | on\ the\ web | subscribe
    | (?:daily\ )?newsletters? | interactive | graph(?:ics?)?
    | start\ the\ day\ smarter | what\ to\ know | just\ in | (?:just\ )?for\ subscribers))"""
LINK = rf"""(?:
    {_CATCHWORDS}\s?:\ .{{2,220}}[^.…] | {_CATCHWORDS}\s?:(?=\S).{{2,300}}
    | (?-i:(?!\d+\ ?[AP]M\b)[A-Z\d][A-Z\d&,.'’/\ -]*\ [A-Z\d&.'’-]{{2,}}\s?:\ (?=.*\b[a-z]{{3,}}))
        (?:\S+\ ){{3,24}}\S*[^\s.…)]
    | [^:?"“”]{{2,90}}(?:(?<![\d\s])|(?<=\ 20\d\d)):(?-i:(?=[A-Z'"‘“$])).{{4,170}}
    | [^:?"“”]{{2,90}}(?<![\d\s]):(?=\d).{{4,170}}[^.]
    | (?-i:(?!If|When|Where|Who|What|How)[A-Z'‘](?:[^\s:"“”.!?]+\ ){{2,9}}[^\s:"“”.!?]*[^\s\d:"“”.!?]:\ 
        (?=(?:.*?\ [a-z]+\b){{4}})(?:\S+\ ){{5,24}}\S*[^\s.…,;:!?)"”])
    | [^:?"“”]{{6,110}}\?(?:\ ?:\ ?)?(?-i:(?=[A-Z\d])).{{4,170}}
    | (?-i:[A-Z]{{4,}}:\ [A-Z][a-z]).{{12,170}}[^\s.…,;:!?)"”’']
    | [^:?"“”]{{6,90}}\?\ (?:everything\ to|here['’]s\ what|what\ (?:to|you\ need\ to))\ know.{{0,90}}[^.]
    | (?-i:[A-Z]{{3,}}(?:\ [A-Z]{{3,}})+[A-Z][a-z]).{{10,170}}[^\s.…,;:!?)"”’']
    | [^.:?"“”]{{6,90}}[a-z]{{3}}\.(?-i:(?=[A-Z\d])).{{10,170}}[^\s.…,;:!?)"”’']
    | .{{10,150}}\ \|\ (?:opinion|column|editorial)
    )"""
SCRIPT = re.compile(
    r"""
    [\w-]+=\s*["'”“]?\s*https?:// | </?[a-z][^>]*> | \bfunction\s*\(.*\{ | \{\{ | \bvar\s+\w+\s*=
    | ["”]\s*/?>\s*$""",
    re.I | re.X,
)
_MARKUP = frozenset("<>={")  # no script does without one of them
KINDS = {
    "fixed": re.compile(rf"\W*{FIXED}\W*", re.I | re.X),
    "invitation": re.compile(rf"\W*{INVITATION}", re.I | re.X),
    "promise": re.compile(rf"\W*{PROMISE}\W*", re.I | re.X),
    "notice": re.compile(rf"\W*{NOTICE}\W*", re.I | re.X),
    "credits": re.compile(rf"{CREDITS}\W*", re.X),
    "contact": re.compile(rf"{CONTACT}", re.I | re.X),
    "bio": re.compile(rf"{BIO}", re.X),
    "link": re.compile(rf"{LINK}", re.I | re.X),
}


def is_boilerplate(line: str) -> bool:
    """Is this paragraph, on one line, no part of any story?"""
    return bool(kind(line))


def kind(line: str) -> str:
    """Which kind of boilerplate a paragraph is: a key of KINDS, "script" or "marks"; "" when it may be the story's."""
    if not any(c.isalnum() for c in line):
        return "marks"
    start = line[:LONGEST]
    if not _MARKUP.isdisjoint(start) and SCRIPT.search(start):
        return "script"
    if len(line) > LONGEST or line.startswith(('"', "“", "”", "«", "„")):  # speech is never boilerplate
        return ""
    return next((name for name, pattern in KINDS.items() if pattern.fullmatch(line)), "")
