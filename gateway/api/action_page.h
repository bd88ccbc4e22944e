#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/api/worker_pool.h"
#include "gateway/app/views/backend.h"
#include "gateway/core/model/feedback_form.h"
#include "gateway/core/text/texts.h"
#include "webhooks/http/http_server.h"
#include "webhooks/http/rate_limit.h"

namespace baton {

// The page behind a link in an alert. GET /a/{token} shows the lead and the buttons and changes
// nothing, because link previews and mail scanners open links. POST with the page's nonce acts and
// shows the result. A page acts once, and only while the handover is open and the rep is its owner.
// The page is HTML without scripts, readable on a phone, in the token's language.
//
// Statuses: 200; 400 a form that is not ours; 404 malformed or forged token, or a lead that no
// longer exists; 405; 409 the owner has changed, or the page was used; 410 expired; 413; 429; 503.
struct ActionPageOptions {
  std::vector<std::string> keys;  // the first signs, all verify
  Rate rate{2, 20};               // by client address
  std::function<Instant()> now;
  std::function<std::int64_t()> steady_ns;
  std::function<std::string()> random_hex;  // 16 bytes of it
  std::function<std::shared_ptr<const TextCatalogue>()> texts = [] { return built_in_texts(); };
};

// Shared by the handlers of all threads of the public listener; outlives them. Thread-safe.
class ActionPage {
 public:
  ActionPage(Backend& backend, WorkerPool& pool, ActionPageOptions options);
  std::unique_ptr<HttpHandler> handler();

  // On a worker. `form` is the body of a POST, null for GET. `language` is used until the token's
  // own is known.
  HttpOut answer(const std::string& token, const std::string* form, std::string_view language);
  // Those of the current configuration.
  TextsPtr texts(std::string_view language) const;
  RateLimiter& limiter() { return limiter_; }
  const ActionPageOptions& options() const { return options_; }
  WorkerPool& pool() { return pool_; }

 private:
  HttpOut show(const std::string& token, const ActionClaims& claims);
  HttpOut act(const std::string& token, const ActionClaims& claims, const std::string& form);
  HttpOut commit(const ActionClaims& claims, FeedbackForm feedback);

  Backend& backend_;
  WorkerPool& pool_;
  const ActionPageOptions options_;
  RateLimiter limiter_;
};

}  // namespace baton
