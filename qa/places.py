"""Countries and states of the US by name: "which city" asks for none of them, "which country" for one."""

import re

COUNTRIES = frozenset(
    name.strip()
    for name in """
afghanistan, albania, algeria, andorra, angola, argentina, armenia, australia, austria, azerbaijan, bahamas, bahrain,
bangladesh, barbados, belarus, belgium, belize, benin, bhutan, bolivia, bosnia, botswana, brazil, britain, brunei,
bulgaria, burkina faso, burma, burundi, cambodia, cameroon, canada, cape verde, chad, chile, china, colombia, congo,
costa rica, croatia, cuba, cyprus, czechia, czech republic, denmark, djibouti, dominica, dominican republic, ecuador,
egypt, el salvador, england, eritrea, estonia, eswatini, ethiopia, fiji, finland, france, gabon, gambia, georgia,
germany, ghana, greece, greenland, grenada, guatemala, guinea, guyana, haiti, honduras, hong kong, hungary, iceland,
india, indonesia, iran, iraq, ireland, israel, italy, ivory coast, jamaica, japan, jordan, kazakhstan, kenya, kiribati,
kosovo, kuwait, kyrgyzstan, laos, latvia, lebanon, lesotho, liberia, libya, liechtenstein, lithuania, luxembourg,
madagascar, malawi, malaysia, maldives, mali, malta, mauritania, mauritius, mexico, micronesia, moldova, monaco,
mongolia, montenegro, morocco, mozambique, myanmar, namibia, nauru, nepal, netherlands, new zealand, nicaragua, niger,
nigeria, north korea, north macedonia, northern ireland, norway, oman, pakistan, palau, palestine, panama,
papua new guinea, paraguay, peru, philippines, poland, portugal, qatar, romania, russia, rwanda, samoa, san marino,
saudi arabia, scotland, senegal, serbia, seychelles, sierra leone, singapore, slovakia, slovenia, solomon islands,
somalia, south africa, south korea, south sudan, spain, sri lanka, sudan, suriname, swaziland, sweden, switzerland,
syria, taiwan, tajikistan, tanzania, thailand, timor-leste, togo, tonga, trinidad, tunisia, turkey, turkiye, türkiye,
turkmenistan, tuvalu, uae, uganda, uk, ukraine, united arab emirates, united kingdom, united states, uruguay, us, usa,
uzbekistan, vanuatu, vatican, venezuela, vietnam, wales, yemen, zambia, zimbabwe, america
""".split(",")
)
STATES = frozenset(
    name.strip()
    for name in """
alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, florida, georgia, hawaii, idaho,
illinois, indiana, iowa, kansas, kentucky, louisiana, maine, maryland, massachusetts, michigan, minnesota, mississippi,
missouri, montana, nebraska, nevada, new hampshire, new jersey, new mexico, north carolina, north dakota, ohio,
oklahoma, oregon, pennsylvania, rhode island, south carolina, south dakota, tennessee, texas, utah, vermont, virginia,
west virginia, wisconsin, wyoming
""".split(",")
)
CITIES_TOO = frozenset(("singapore", "luxembourg", "monaco", "hong kong", "kuwait", "panama", "djibouti", "guatemala"))
NO_CITY, NO_COUNTRY, NO_STATE = (COUNTRIES | STATES) - CITIES_TOO, STATES - COUNTRIES, COUNTRIES - STATES
NAMED = COUNTRIES | STATES
CITY = re.compile(r"\b(?:what|which) (?:\w+ )?(?:city|town|village)\b", re.IGNORECASE)
COUNTRY = re.compile(r"\b(?:what|which) (?:\w+ )?(?:country|nation)\b(?!['’])", re.IGNORECASE)
STATE = re.compile(
    r"\b(?:what|which) (?:US |U\.S\. |American )?state\b(?!['’]| \w+(?:er|or|man|ry|nt)\b)", re.IGNORECASE
)


def another_place(question: str, span: str) -> bool:
    """Whether a question asks for a city, a country or a state of the US, and words name a place of another of these
    kinds, and no more: "Nevada" is no city, "Las Vegas, Nevada" is one. Cities have no list.
    """
    name = re.sub(r"^the | ?['’]s$|\.", "", span.strip(" ,").lower())
    if name not in NAMED:
        return False
    if CITY.search(question):
        return name in NO_CITY
    if STATE.search(question):
        return name in NO_STATE
    return name in NO_COUNTRY and bool(COUNTRY.search(question))
