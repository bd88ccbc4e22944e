#include "gateway/cli/demo/play.h"

#include <fmt/format.h>

#include "gateway/cli/output.h"
#include "gateway/core/text/texts.h"
#include "gateway/platform/clock.h"

namespace baton {
namespace {

constexpr Duration kBetweenLeads = seconds(4);
constexpr Duration kThinking = milliseconds(1500);  // until a rep acts
constexpr std::size_t kAsleep = 3;                  // every third offer gets no response

// Leads keep arriving and reps act on them. Prints one line for each event.
class Play {
 public:
  Play(DemoStage& stage, const std::atomic<bool>& interrupted)
      : stage_(stage), interrupted_(interrupted), texts_(*texts_in(stage.language)) {}

  Status run();

 private:
  Status send_next();
  void read_chat();
  void act_on_offers();

  DemoStage& stage_;
  const std::atomic<bool>& interrupted_;
  const Texts& texts_;
  std::size_t sent_ = 0, read_ = 0, offers_ = 0;
  std::vector<ChatMessage> waiting_;  // offers that a rep will act on
};

Status Play::send_next() {
  const auto person = demo_person(sent_);
  const auto now = system_clock().now();
  auto delivery = sent_ % 4 == 0   ? typeform_demo_request(person, stage_.language, now)
                  : sent_ % 4 == 1 ? calendly_booking(person, stage_.language, now)
                  : sent_ % 4 == 2 ? hubspot_contact(person, stage_.language, now)
                                   : website_download(person, stage_.language, now);
  ++sent_;
  if (auto sent = stage_.client->deliver(delivery); !sent) return sent;
  if (delivery.status == 200)
    stage_.say(
        texts_.say("demo.live_arrived",
                   {{"who", person.who()}, {"source", delivery.source}, {"ms", delivery.took.ms}}));
  else
    stage_.say(texts_.say("demo.live_refused",
                          {{"source", delivery.source}, {"status", delivery.status}}));
  return {};
}

void Play::read_chat() {
  const auto messages = stage_.sandbox->messages();
  for (; read_ < messages.size(); ++read_) {
    const auto& message = messages[read_];
    stage_.say(fmt::format("  {}: {}", stage_.rep_name(message.rep), message.headline()));
    if (chat_kind(message, stage_.language) == ChatKind::kOffer && ++offers_ % kAsleep != 0)
      waiting_.push_back(message);
  }
}

// If another rep owns the lead by now, the link says so. The demo shows that too.
void Play::act_on_offers() {
  const auto now = system_clock().steady_ns();
  std::erase_if(waiting_, [&](const ChatMessage& offer) {
    if (now - offer.steady_ns < kThinking.ms * 1'000'000) return false;
    if (offers_ % 4 == 0)
      (void)stage_.client->act(offer.link(texts_.text("message.reject")), "reject", "not_ready");
    else
      (void)stage_.client->act(offer.link(texts_.text("message.reached")), "reached");
    return true;
  });
}

Status Play::run() {
  const auto& settings = stage_.deployment.settings;
  print(texts_.say("demo.intro"));
  print(texts_.say("demo.sandbox", {{"seconds", stage_.promise().ms / 1000}}));
  print(
      texts_.say("demo.live_addresses", {{"webhooks", settings.public_url + "/hooks/..."},
                                         {"admin", "http://" + to_string(settings.admin_listener)},
                                         {"token", stage_.home->admin_token()}}));
  print(texts_.say("demo.live_chat",
                   {{"chat", stage_.home->chat()}, {"folder", stage_.home->folder()}}));
  print(texts_.say("demo.live_end"));
  std::int64_t next = 0;
  while (!interrupted_.load()) {
    const auto now = system_clock().steady_ns();
    if (!stage_.gateway->running()) return error(Errc::kInternal, "the gateway ended unexpectedly");
    if (now >= next) {
      if (auto sent = send_next(); !sent) return sent;
      next = now + kBetweenLeads.ms * 1'000'000;
    }
    read_chat();
    act_on_offers();
    (void)stage_.client->wait("the next event", milliseconds(200),
                              [&] { return stage_.sandbox->messages().size() > read_; });
  }
  return {};
}

}  // namespace

Status play_demo(DemoStage& stage, const std::atomic<bool>& interrupted) {
  return Play(stage, interrupted).run();
}

}  // namespace baton
