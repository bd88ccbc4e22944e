#include "gateway/app/workers/intake_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/app/documents/envelope.h"
#include "gateway/platform/metrics.h"
#include "gateway/platform/random.h"

namespace baton {
namespace {

constexpr std::size_t kPersonIdBytes = 10;  // 80 random bits

DeadLetter letter_for(const IntakeEntry& entry, std::string source, std::string reason) {
  DeadLetter letter;
  letter.origin = "intake";
  letter.subject = entry.id;
  letter.destination = std::move(source);
  letter.reason = std::move(reason);
  letter.payload = entry.payload;
  return letter;
}

// Whether the touch concerns a person. Pings and messages of our agents do not.
bool is_about_a_person(TouchType type) {
  return type != TouchType::kTestPing && type != TouchType::kAgentMessage;
}

}  // namespace

struct IntakeReader::Group {
  std::size_t read = 0;
  std::vector<std::string> claims;  // strongest first
  std::vector<Touch> touches;
  bool may_create = false;  // a touch makes a lead; feedback alone creates no person
  std::string person;
};

Result<Delivery> IntakeReader::open(const IntakeEntry& entry) {
  auto delivery = open_delivery(entry.id, entry.payload, *access_.keys);
  if (delivery || delivery.error().code != Errc::kNotFound) return delivery;
  // Another node sealed it. The store holds the wrapped day key of that node.
  const std::string key_id = envelope_key_id(entry.payload);
  auto wrapped = store_.get_value("daykey:" + key_id);
  if (!wrapped) return wrapped.error();
  if (wrapped->empty())
    return error(Errc::kPermanent,
                 "its day key is gone: older than keys.raw_days, or another node's");
  if (auto adopted = access_.keys->adopt_day_key(key_id, *wrapped); !adopted)
    return adopted.error();
  return open_delivery(entry.id, entry.payload, *access_.keys);
}

void IntakeReader::group_touches(Read& read, std::size_t index, MappedDelivery mapped,
                                 std::vector<Group>& groups) {
  const std::size_t first = groups.size();
  bool identified = false;
  bool makes = false;
  for (auto& touch : mapped.touches) {
    if (!is_about_a_person(touch.type)) continue;
    makes = makes || makes_lead(touch.type);
    auto claims = access_.claims->of(touch.person);
    if (claims.empty()) continue;
    identified = true;
    auto found = std::find_if(groups.begin() + static_cast<std::ptrdiff_t>(first), groups.end(),
                              [&](const Group& g) { return g.claims.front() == claims.front(); });
    if (found == groups.end()) {
      groups.push_back({index, {}, {}, false, {}});
      found = groups.end() - 1;
    }
    for (auto& claim : claims) {
      if (std::find(found->claims.begin(), found->claims.end(), claim) == found->claims.end())
        found->claims.push_back(std::move(claim));
    }
    found->may_create = found->may_create || makes_lead(touch.type);
    found->touches.push_back(std::move(touch));
  }
  if (makes && !identified) {
    read.letter =
        letter_for(read.entry, mapped.source,
                   "identifies no person: it has no e-mail, phone or id; add one and retry");
  }
}

void IntakeReader::map(Read& read, std::vector<Group>& groups) {
  auto delivery = open(read.entry);
  if (!delivery) {
    if (delivery.error().code == Errc::kTransient) {
      read.whole = false;
      return;
    }
    read.letter = letter_for(read.entry, {}, delivery.error().message);
    return;
  }
  const Source* source = configuration_.source(delivery->raw.source);
  if (source == nullptr) {
    read.letter =
        letter_for(read.entry, delivery->raw.source, "the source is no longer configured");
    return;
  }
  const std::int64_t begun = clock_.steady_ns();
  auto mapped = source->map(delivery->raw);
  observe_seconds("map_duration_seconds", static_cast<double>(clock_.steady_ns() - begun) / 1e9);
  if (!mapped) {
    read.letter = letter_for(read.entry, delivery->raw.source, mapped.error().message);
    return;
  }
  const auto& touches = mapped->touches;
  if (std::any_of(touches.begin(), touches.end(),
                  [](const Touch& touch) { return is_crm_feedback(touch.type); }))
    feedback_.note_feedback_of_source(delivery->raw.source, read.entry.appended_at);
  count("touches_total", fmt::format("source={}", delivery->raw.source),
        static_cast<double>(mapped->touches.size()));
  group_touches(read, index_, std::move(*mapped), groups);
}

Status IntakeReader::resolve(std::vector<Group>& groups) {
  std::vector<Store::Claim> claims;
  std::vector<std::string> asked;
  for (const auto& group : groups) {
    if (group.may_create)
      claims.push_back({group.claims.front(), random_hex(kPersonIdBytes)});
    else
      asked.push_back(group.claims.front());
  }
  auto claimed = store_.claim_identities(claims);
  if (!claimed) return claimed.error();
  auto known = store_.holders_of(asked);
  if (!known) return known.error();
  std::size_t next_claimed = 0, next_known = 0;
  for (auto& group : groups) {
    group.person = group.may_create ? std::move((*claimed)[next_claimed++])
                                    : std::move((*known)[next_known++]);
  }
  return register_more(groups);
}

// Registers the weaker claims for the same person, unless they belong to another person already. In
// that case the persons may have to be merged, which the order of arrival must not decide.
Status IntakeReader::register_more(const std::vector<Group>& groups) {
  std::vector<Store::Claim> more;
  for (const auto& group : groups) {
    if (group.person.empty()) continue;
    for (std::size_t i = 1; i < group.claims.size(); ++i)
      more.push_back({group.claims[i], group.person});
  }
  if (more.empty()) return {};
  auto held = store_.claim_identities(more);
  if (!held) return held.error();
  for (std::size_t i = 0; i < more.size(); ++i) {
    if ((*held)[i] != more[i].candidate) count("identity_conflicts_total");
  }
  return {};
}

Result<std::vector<IntakeReader::Read>> IntakeReader::read(std::vector<IntakeEntry> entries) {
  std::vector<Read> reads;
  reads.reserve(entries.size());
  std::vector<Group> groups;
  for (auto& entry : entries) {
    reads.push_back({std::move(entry), {}, {}});
    index_ = reads.size() - 1;
    map(reads.back(), groups);
  }
  if (auto resolved = resolve(groups); !resolved) return resolved.error();
  for (auto& group : groups) {
    Read& read = reads[group.read];
    if (group.person.empty()) {
      count("feedback_unknown_total");  // feedback about a person that Baton does not know
      continue;
    }
    read.work.push_back({PersonId(std::move(group.person)),
                         {read.entry.id, TouchesReceived{std::move(group.touches)}},
                         read.entry.appended_at,
                         {}});
  }
  return reads;
}

}  // namespace baton
