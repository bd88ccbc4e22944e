"""What the lint of prose looks for, and where. words.py applies it."""

# (regular expression, what to write instead). Letters of either case; a match begins and ends at a word.
BANNED = [
    (r"he|him|his|himself", "they, them, their"),
    (r"whoever|whomever|whosoever", "name the actor: the rep, the sender, anyone who"),
    (r"somebody|nobody|anybody|everybody", "name the actor: a rep, the operator, no rep"),
    (r"mend(?:s|ed|ing)?", "fix, correct"),
    (r"broken (?:clocks?|promises?|SLAs?|periods?|deadlines?)", "breached"),
    (r"(?:clocks?|promises?|periods?|deadlines?) (?:that )?(?:is|are|was|were|be|been) broken|kept or broken", "breached"),
    (r"made[- ]up(?! of\b)", "synthetic, fictitious"),
    (r"(?:no|two|the|of|as|find|finds|are|these|such|more|any) doubles", "duplicates"),
    (r"(?<!\bin )the middle(?! name\b)", "median"),
    (r"of (?:its|their|his|her|our|your|my|one's) own", "its own X, or leave it out"),
    (r"slept through", "overdue, missed"),
    (r"(?:tell|tells|told|telling) of", "reports, notifies"),
    (r"(?:hear|hears|heard|hearing) of", "is notified of"),
    (r"(?:is|are|was|were|be|been|being|not|never|gets|get|got) told", "is notified"),
    (r"(?:longer|more|larger|greater|later) than nothing", "must be positive"),
    (r"blanks", "spaces"),
    (r"by (?:itself|themselves)", "automatically"),
    (r"lie|lies|lying|lain", "is"),
    (r"(?:stand|stands|stood|standing) still", "is paused, stops"),
    (r"(?<!-)(?:stand|stands|stood|standing)(?! still\b)(?! for\b)(?! in for\b)(?!-)", "is, appears"),
    (r"(?:is|are|was|were) (?:not |still |already )?there(?=[.,;:)]|$| (?:and|but|or|to)\b)", "exists"),
    (r"which there (?:is|are|was|were) not", "that does not exist"),
    (r"anew", "again"),
    (r"of before", "previous, earlier"),
    (r"beforehand", "first, in advance"),
    (r"nothing (?:is|was|gets|has been|goes) \w+ twice|nothing twice", "say what happens, once"),
    (r"(?:also|even|only) (?:where)", "even if, only if"),
    (r"also (?:when|if)", "even when, even if"),
    (r"where there (?:is|are|was|were)", "if there is"),
    (r"for ever", "permanently, indefinitely"),
    (r"in vain", "without success"),
    (r"(?:Redis|CRMs?|stores?|databases?|servers?|gateways?|Baton|vendors?|networks?) (?:is|was|are|were|has been) away",
     "is down"),
    (r"behind (?:his|its|their|the|a) (?:due time|deadline|end)", "after its deadline"),
    (r"notices? nothing of|nothing of (?:any of )?(?:this|that|these|it|them)", "see none of"),
    (r"(?:owner|rep|customer|visitor|operator|human|colleague|manager|user|reader|marketer|consumer|lead of the team)s? that"
     r" (?:is|are|was|were|has|have|had|does|did|can|may|must|gets?|takes?|asks?|asked|wants?|accept(?:s|ed)?|left|leaves?|comes?|owes?)",
     "who"),
    (r"asked for (?:again|anew|once more)", "requested again"),
    (r"what will hurt", "say what fails, for whom"),
    (r"rehears(?:e|es|ed|al|als|ing)", "dry run"),
    (r"revive(?:s|d)?|bury|buries|buried", "requeue; dead-letter"),
    (r"hurried", "with priority"),
    # Sections of a document that is not here; docs/requirements.md has their rows.
    (r"domain 3\.1\.2", "G10 to G20 of docs/requirements.md"),
    (r"domain 3\.1\.3", "G15 of docs/requirements.md"),
    (r"domain 3\.2", "C13 of docs/requirements.md"),
    (r"domain 3\.3", "hard rule 6 of docs/requirements.md"),
    (r"domain 3\.4", "B1, B2 of docs/requirements.md"),
    (r"domain 3\.5", "N15, J13 of docs/requirements.md"),
    (r"domain 5\.2", "T1 to T19, docs/reference/lifecycle.md"),
    (r"domain 6\.3", "a hard rule of docs/requirements.md"),
    (r"domain [A-Z]\d+", "the row alone, as in docs/requirements.md"),
    (r"whilst|hitherto|thence|lest|wherein|whereof|whereupon", "plain English"),
]

# How no sentence begins that is no question.
STARTS = [
    (r"(?:Who|Whom|Whose|Whoever)\b", "subject first: the rep who, a lead whose, if you"),
    (r"What(?:ever)?\b(?! (?:if|about)\b)", "subject first: name the thing"),
    (r"Where\b", "if, when"),
    (r"That (?:a|an|the|no|not|nothing|none|nobody|each|every|it|they|he|she|we|you|there|its|their|both|only|Baton|some|all|several)\b",
     "no clause as subject: say the fact first"),
]

MAX_WORDS = 25

# A fragment, such as the text of a cell, may begin with "what ..." up to here.
FRAGMENT_WORDS = 8

# (files, as a glob; a word of BANNED or the beginning of a sentence as it is written there; why it may be there)
EXCEPTIONS = [
    ("gateway/api/assets/*", "the middle", "a value of CSS"),
    ("tests/lint/*", "*", "shows what is banned"),
]
