# Rooms that a unity build compiles as one unit (docs/decisions/0022); every other room is a unit. Rooms of one line
# belong to one layer, and no two of their files define the same name in an anonymous namespace (lint.units).
set(BATON_UNITS
  "mapping mapping/net mapping/schema"
  "mapping/json"
  "adapters/engine/http adapters/engine/mail adapters/engine/notify"
  "adapters/engine/source adapters/engine/text"
  "gateway/core/calendar gateway/core/check gateway/core/lifecycle gateway/core/policy gateway/core/policy_file"
  "gateway/core/model gateway/core/pool gateway/core/text gateway/core/scoring"
  "gateway/core/sla gateway/core/routing gateway/core/explain"
  "gateway/core/decision gateway/core/decide"
  "gateway/store gateway/store/memory gateway/store/seal"
  "gateway/store/redis gateway/store/spool"
  "gateway/app/admin gateway/app/common gateway/app/config gateway/app/engine"
  "gateway/app/delivery gateway/app/reports"
  "gateway/app/documents gateway/app/messages"
  "gateway/app/views gateway/app/workers")

# Rooms that even a unity build compiles file by file. As part of a unit they ran 10 % slower: the compiler inlines less
# in a large unit.
set(BATON_BY_FILE
  "mapping/map")
