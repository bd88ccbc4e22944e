"""Exceptions and limits of the lint rules. Everything else is a fault."""

# The rooms of the house, bottom up. A file may include headers of its own room and of the rooms before it.
# docs/architecture.md says what each room is for.
ROOMS = """
mapping
mapping/net
mapping/json
mapping/schema
mapping/normalise
mapping/map

adapters/engine/http
adapters/engine/text
adapters/engine/source
adapters/engine/crm
adapters/engine/mail
adapters/engine/notify

webhooks/http
webhooks/edge

gateway/core/text
gateway/core/policy_file
gateway/core/model
gateway/core/lifecycle
gateway/core/calendar
gateway/core/scoring
gateway/core/routing
gateway/core/pool
gateway/core/sla
gateway/core/policy
gateway/core/decision
gateway/core/decide
gateway/core/explain
gateway/core/check

gateway/platform

gateway/store
gateway/store/seal
gateway/store/spool
gateway/store/redis
gateway/store/memory

gateway/app/common
gateway/app/documents
gateway/app/messages
gateway/app/config
gateway/app/views
gateway/app/dispatch
gateway/app/engine
gateway/app/reports
gateway/app/delivery
gateway/app/workers
gateway/app/admin

gateway/api
gateway/server
gateway/cli
gateway/cli/demo
""".split()

# The core, the platform and the store may not include code for foreign systems, although it comes earlier in the order.
UNSEEN = {
    "gateway/core": ("adapters", "webhooks"),
    "gateway/platform": ("adapters", "webhooks"),
    "gateway/store": ("adapters", "webhooks"),
}
MAX_FILES_OF_A_ROOM = 45

# Third-party headers (a regular expression on the include) -> files that may include them (glob). Tests
# may use any library as a second opinion. Such a header costs seconds in every build that includes it.
CONFINED = {
    r"boost/beast": ["webhooks/http/http_server*.cpp"],
    r"boost/asio/ssl": ["webhooks/http/*.cpp", "webhooks/http/http_server_streams.h", "adapters/engine/http/http_client_cpprest.cpp"],
    r"boost/url": ["mapping/net/url.cpp"],
    r"boost/asio": ["mapping/net/ip_address.cpp", "webhooks/http/*.cpp", "webhooks/http/http_server_streams.h", "adapters/engine/http/http_client_cpprest.cpp",
                    "gateway/store/redis/redis_*.cpp", "gateway/app/*.cpp", "gateway/server/*.cpp", "gateway/cli/*.cpp"],
    r"(cpprest|pplx)/": ["adapters/engine/http/http_client_cpprest.cpp"],
    r"curl/": ["adapters/engine/mail/mail_curl.cpp"],
    r"hiredis/": ["gateway/store/redis/redis_*.cpp"],
    r"yaml-cpp/": ["mapping/schema/yaml.cpp"],
    r"valijson/": [],
    r"re2/": ["mapping/*.cpp", "gateway/core/scoring/score_*.cpp"],
    r"unicode/": ["mapping/unicode.cpp", "gateway/core/text/message_pattern.cpp"],
    r"phonenumbers/": ["mapping/normalise/phone.cpp"],
    r"libical/": ["mapping/icalendar.cpp"],
    r"idn2\.h": ["mapping/normalise/host.cpp"],
    r"libpsl\.h": ["mapping/normalise/domain.cpp"],
    r"date/": ["mapping/normalise/time.cpp", "gateway/core/calendar/zone.cpp"],
    r"prometheus/": ["gateway/platform/metrics.cpp"],
    r"CLI/": ["gateway/cli/*.cpp"],
    r"zlib\.h": ["webhooks/http/inflate.cpp"],
    r"zstd\.h": ["gateway/store/seal/packing.cpp"],
    r"openssl/": ["adapters/engine/http/http_client_cpprest.cpp", "mapping/json/json.cpp", "webhooks/edge/digest.cpp", "webhooks/http/http_server*.cpp", "adapters/engine/crm/crm_declared.cpp",
                  "adapters/engine/notify/notify_render.cpp", "gateway/platform/random.cpp", "gateway/store/seal/keyring.cpp"],
}

# Rows of the requirements that tests/golden/README.md must list, and the hard rules for which it names tests.
STORY_ROWS = "E3-8 F1-17 F19 F21-27 F29-30 G1 G3-20 G22-28 J11 N6-7 N15-16 N18-19 N22"
HARD_RULES = "6-12"

MAX_FILE_LINES = 400
WIDE_HEADER_LINES = 150

# Code that decides has no clock, no random numbers and no floating point, so that a log replays byte for byte.
# Each exception has the reason why the word is harmless in this file.
DECISION_EXCEPTIONS = {
    # Reads foreign JSON, in which a number may be a double. Its map is a cache that is never iterated.
    "gateway/core/calendar/calendar_json.cpp": {"double", "unordered_map"},
    # Writes points for humans. No decision uses them.
    "gateway/core/scoring/score_json.cpp": {"double"},
    # Reads the zone database once, when a policy is loaded. Decisions get the table.
    "gateway/core/calendar/zone.cpp": {"ifstream"},
}
