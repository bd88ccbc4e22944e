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

// One person as a CRM shows them. Only the newest version is pushed (pushes are level-triggered).
// It contains the times of all stages, so that the CRM's reports see them even if versions are
// skipped. The field maps of crm/*.yaml read these members of `view`:
//   id, version, email, phone, first_name, last_name, full_name, salutation, academic_title,
//   job_title, language, country, city, postal_code, company.{name,domain,size,industry},
//   lead.{id,cycle,type,stage,grade,fit,engagement,total,ask,reason,work_status},
//   stages.<stage> (RFC 3339), owner.{id,name,email}, handover.{id,state,due,receipt},
//   attribution.{channel,utm_source,...}, explain_url
struct CrmRecord {
  std::string person;  // Baton's id: the external id in the CRM
  std::uint64_t version = 0;
  boost::json::object view;
  std::string ref;  // the record's id in the CRM, if known
};

// The meaning of a response for one item. The HTTP status alone does not decide it.
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
  std::string ref;  // the id in the CRM, if the response contains it
  std::optional<Duration> retry_after;
  std::string reason;  // for a human; no personal data, no secrets
};

// The remaining rate budget of the vendor, read from a response.
struct Budget {
  std::optional<std::int64_t> remaining;
  std::optional<Duration> resets_in;
};

// Whether a repeat after an unknown outcome is safe (kKeyed: the CRM accepts our key), needs a
// query first (kReadable), or is impossible to make safe (kBlind).
enum class Repeat { kKeyed, kReadable, kBlind };

enum class Mode { kObserve, kLive };

struct CrmCall {
  HttpRequest request;
  std::vector<std::size_t> items;     // indices into the records passed to render
  std::vector<std::string> keys;      // one per item: the name the response may use (external id)
  std::vector<std::string> traces;    // one per item: "person:vN"
  std::vector<std::string> personal;  // words of the records that must not appear in a reason
};

class CrmFeedback;
class CrmTasks;

// One configured CRM. Pure: it decides what to send and interprets the response. Queues, retries,
// deadlines, limits, circuit breakers, metrics and redaction belong to gateway/app. Thread-safe.
class Crm {
 public:
  virtual ~Crm() = default;
  virtual const std::string& name() const = 0;  // the configured destination's name
  virtual Mode mode() const = 0;
  virtual std::size_t batch_size() const = 0;
  virtual Repeat repeat() const = 0;
  virtual const HttpOptions& http() const = 0;
  // The maximum duration of a call that render() returns.
  virtual Duration deadline() const { return HttpRequest{}.deadline; }

  virtual std::vector<CrmCall> render(std::span<const CrmRecord> records) const = 0;
  // Returns one outcome for each item of the call, in order.
  virtual std::vector<Outcome> interpret(const CrmCall& call, const HttpResult& result) const = 0;
  virtual Budget budget(const HttpResponse& response) const = 0;
  // Returns a request that asks whether a record exists (after an unknown outcome); empty if the
  // CRM cannot answer that.
  virtual std::optional<HttpRequest> read_back(const CrmRecord& record) const = 0;
  virtual Outcome interpret_read_back(const CrmRecord& record, const HttpResult& result) const = 0;
  // Returns a call that changes nothing and shows whether the credential is accepted.
  virtual std::optional<HttpRequest> credential_test() const = 0;
  // Returns how to read sales feedback (crm_feedback.h); null if that is impossible or switched
  // off.
  virtual const CrmFeedback* feedback() const { return nullptr; }
  // Returns how to show work as tasks (crm_tasks.h); null if the CRM has no tasks.
  virtual const CrmTasks* tasks() const { return nullptr; }
};

}  // namespace baton
