#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "adapters/engine/http/http_client.h"
#include "mapping/instant.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// What a CRM has to show of one person: the newest version only (pushes are level-triggered), with
// the times of all stages, so that coalescing hides none from the CRM's own reports. `view` is the
// vocabulary the field maps of crm/*.yaml read:
//   id, version, email, phone, first_name, last_name, full_name, salutation, academic_title,
//   job_title, language, country, city, postal_code, company.{name,domain,size,industry},
//   lead.{id,cycle,type,stage,grade,fit,engagement,total,ask,reason,work_status},
//   stages.<stage> (RFC 3339), owner.{id,name,email}, handover.{id,state,due,receipt},
//   attribution.{channel,utm_source,...}, explain_url
struct CrmRecord {
  std::string person;  // Baton's id: the external id over there
  std::uint64_t version = 0;
  boost::json::object view;
  std::string ref;  // the record's id in the CRM, where known
};

// What an answer means for one item (crm-apis: the HTTP status alone is not the verdict).
enum class Verdict {
  kOk,
  kOkNoop,
  kRetryAfter,
  kRetryBackoff,
  kReauthOnce,
  kPermanentData,
  kPermanentConfig,
  kDuplicate,
  kUnknown,
};
std::string_view to_string(Verdict verdict);

struct Outcome {
  Verdict verdict = Verdict::kUnknown;
  std::string ref;  // the id over there, where the answer told it
  std::optional<Duration> retry_after;
  std::string reason;  // for a human; no personal data, no secrets
};

// What is left of the vendor's rate budget, read from an answer.
struct Budget {
  std::optional<std::int64_t> remaining;
  std::optional<Duration> resets_in;
};

// Whether a repeat after an unknown outcome is safe (kKeyed: the CRM takes our key), can be asked
// about first (kReadable), or neither (kBlind).
enum class Repeat { kKeyed, kReadable, kBlind };

enum class Mode { kObserve, kLive };

struct CrmCall {
  HttpRequest request;
  std::vector<std::size_t> items;     // indices into the records given to render
  std::vector<std::string> keys;      // for each item: what the answer may name it by (external id)
  std::vector<std::string> traces;    // for each item: "person:vN"
  std::vector<std::string> personal;  // words of the records that must not show in a reason
};

class CrmFeedback;
class CrmTasks;

// One CRM, after its settings are known. Pure: it says what to send and what came back; queues,
// retries, deadlines, limits, breakers, metrics and redaction belong to gateway/app. Thread-safe.
class Crm {
 public:
  virtual ~Crm() = default;
  virtual const std::string& name() const = 0;  // the configured destination's name
  virtual Mode mode() const = 0;
  virtual std::size_t batch_size() const = 0;
  virtual Repeat repeat() const = 0;
  virtual const HttpOptions& http() const = 0;
  // The longest that a call of render() may take.
  virtual Duration deadline() const { return HttpRequest{}.deadline; }

  virtual std::vector<CrmCall> render(std::span<const CrmRecord> records) const = 0;
  // One outcome for each item of the call, in its order.
  virtual std::vector<Outcome> interpret(const CrmCall& call, const HttpResult& result) const = 0;
  virtual Budget budget(const HttpResponse& response) const = 0;
  // Asks whether a record is there (after an unknown outcome); nothing where the CRM cannot say.
  virtual std::optional<HttpRequest> read_back(const CrmRecord& record) const = 0;
  virtual Outcome interpret_read_back(const CrmRecord& record, const HttpResult& result) const = 0;
  // A call that changes nothing and tells whether the credential is accepted.
  virtual std::optional<HttpRequest> credential_test() const = 0;
  // How it is asked what sales did (crm_feedback.h); null where it cannot be, or is not to be.
  virtual const CrmFeedback* feedback() const { return nullptr; }
  // How it shows what people have to do (crm_tasks.h); null where it takes no tasks.
  virtual const CrmTasks* tasks() const { return nullptr; }
};

// Builds a destination from its configuration file (crm/<name>.yaml of the config folder: adapter,
// mode, settings, overrides) and the adapter's spec (built in, or the user's own in `adapters`).
// Nothing where there are errors; they are in `findings`.
std::unique_ptr<Crm> make_crm(const YamlDocument& config, const std::string& user_adapters,
                              Findings& findings);

}  // namespace baton
