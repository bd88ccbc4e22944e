"""What the lint rules allow. Everything else is a fault."""

# Folder -> folders it may include. The longest folder that fits a file is its layer.
LAYERS = {
    "mapping": [],
    "adapters": ["mapping"],
    "webhooks": ["adapters", "mapping"],
    "gateway/core": ["mapping"],
    "gateway/platform": ["gateway/core", "mapping"],
    "gateway/store": ["gateway/platform", "gateway/core", "mapping"],
    "gateway/app": ["gateway/store", "gateway/platform", "gateway/core", "webhooks", "adapters", "mapping"],
    "gateway/api": ["gateway/app", "gateway/store", "gateway/platform", "gateway/core",
                    "webhooks", "adapters", "mapping"],
    "gateway/cli": ["gateway/api", "gateway/app", "gateway/store", "gateway/platform", "gateway/core",
                    "webhooks", "adapters", "mapping"],
}

# Third-party headers (a regular expression on the include) -> files that may see them (glob). Tests
# may use any library as a second opinion. A header costs seconds of every build that sees it.
CONFINED = {
    r"boost/beast": ["webhooks/http_server*.cpp", "webhooks/http_connection*.cpp", "webhooks/http_parser*.cpp"],
    r"boost/asio/ssl": ["webhooks/*.cpp", "webhooks/http_server_streams.h", "adapters/http_client_cpprest.cpp"],
    r"boost/asio": ["webhooks/*.cpp", "webhooks/http_server_streams.h", "adapters/http_client_cpprest.cpp", "gateway/store/redis_*.cpp",
                    "gateway/app/*.cpp", "gateway/cli/*.cpp"],
    r"(cpprest|pplx)/": ["adapters/http_client_cpprest*.cpp"],
    r"curl/": ["adapters/mail_curl.cpp"],
    r"hiredis/": ["gateway/store/redis_*.cpp"],
    r"yaml-cpp/": ["mapping/yaml*.cpp"],
    r"valijson/": [],
    r"re2/": ["mapping/*.cpp", "gateway/core/score_*.cpp"],
    r"unicode/": ["mapping/unicode*.cpp"],
    r"phonenumbers/": ["mapping/normalise/phone*.cpp"],
    r"libical/": ["mapping/icalendar.cpp"],
    r"idn2\.h": ["mapping/normalise/host.cpp"],
    r"libpsl\.h": ["mapping/normalise/domain.cpp"],
    r"date/": ["mapping/normalise/time.cpp", "gateway/core/zone.cpp"],
    r"prometheus/": ["gateway/platform/metrics.cpp"],
    r"CLI/": ["gateway/cli/*.cpp"],
    r"zlib\.h": ["webhooks/inflate.cpp"],
    r"zstd\.h": ["gateway/store/packing.cpp"],
    r"openssl/": ["mapping/json.cpp", "webhooks/digest*.cpp", "webhooks/http_server*.cpp", "webhooks/tls*.cpp",
                  "adapters/crm_declared*.cpp", "adapters/notify_render*.cpp", "adapters/crypto*.cpp",
                  "gateway/platform/random.cpp", "gateway/store/keyring*.cpp", "gateway/api/*token*.cpp"],
}

# Rows of the requirements that tests/golden/README.md has to show, and the hard rules it names tests of.
STORY_ROWS = "E3-8 F1-17 F19 F21-27 F29-30 G1 G3-20 G22-28 J11 N6-7 N15-16 N18-19 N22"
HARD_RULES = "6-12"

MAX_FILE_LINES = 400
WIDE_HEADER_LINES = 150

# Code that decides: no clock, no chance, no floating point, so that a log replays byte for byte.
# A file stands here with the reason why one word is harmless in it.
DECISION_EXCEPTIONS = {
    # Reads foreign JSON, where a number may be one; its map is a cache that is never walked.
    "gateway/core/calendar_json.cpp": {"double", "unordered_map"},
    # Writes points for humans; nothing is decided by them.
    "gateway/core/score_json.cpp": {"double"},
    # Reads the zone database once, when a policy is loaded; decisions get the table.
    "gateway/core/zone.cpp": {"ifstream"},
}
