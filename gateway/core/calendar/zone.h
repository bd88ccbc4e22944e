#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/instant.h"
#include "mapping/result.h"

namespace baton {

// A stretch of time in which a zone keeps one offset from UTC.
struct ZoneStretch {
  std::int64_t begin_s = 0;   // UTC seconds since 1970; ends where the next stretch begins
  std::int64_t offset_s = 0;  // local = UTC + offset
};

// A named zone as a table of offsets. Decisions use it instead of a time zone library.
struct Zone {
  std::string name;
  std::vector<ZoneStretch> stretches;  // ascending; the first begins at kZoneBegin
  std::string hash;  // of the table: equal tables give equal decisions in every database version

  Duration offset_at(Instant at) const;  // local time minus UTC
};

inline constexpr int kZoneFirstYear = 2000;
inline constexpr int kZoneEndYear = 2100;                // exclusive
inline constexpr std::int64_t kZoneBegin = 946'684'800;  // 2000-01-01T00:00:00Z
inline constexpr std::int64_t kZoneEnd = 4'102'444'800;  // 2100-01-01T00:00:00Z

// The zone with an IANA name, from the system's time zone database; read once, then cached. "UTC"
// needs no database. An unknown name is an error that names the nearest known one.
Result<std::shared_ptr<const Zone>> find_zone(std::string_view name);

}  // namespace baton
