#include "gateway/app/dispatch/dispatcher.h"

#include <thread>

#include "gateway/app/dispatch/dispatcher_outbox.h"
#include "gateway/app/dispatch/dispatcher_push.h"

namespace baton {

class Dispatcher::Impl {
 public:
  Impl(std::vector<std::shared_ptr<const Crm>> crms,
       std::vector<std::shared_ptr<const Notifier>> notifiers, DispatcherHooks hooks,
       DispatcherOptions options, const Clock& clock)
      : hooks_(std::move(hooks)),
        options_(options),
        crms_(std::move(crms)),
        notifiers_(std::move(notifiers)),
        clock_(clock) {}
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void start() {
    for (const auto& crm : crms_) {
      auto inbox = inboxes_.emplace_back(std::make_shared<Inbox>());
      pushes_.push_back(std::make_unique<PushWorker>(crm, inbox, hooks_, options_, clock_));
      threads_.emplace_back([worker = pushes_.back().get()] { worker->run(); });
    }
    auto inbox = inboxes_.emplace_back(std::make_shared<Inbox>());
    outbox_ = std::make_unique<OutboxWorker>(notifiers_, inbox, hooks_, options_, clock_);
    threads_.emplace_back([worker = outbox_.get()] { worker->run(); });
  }

  void notify() {
    for (const auto& inbox : inboxes_) inbox->wake();
  }

  void stop() {
    for (const auto& inbox : inboxes_) inbox->stop();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    // Their HTTP clients end what is in flight; those answers find an inbox nobody reads.
    // The inboxes stay, since somebody may be in notify().
    pushes_.clear();
    outbox_.reset();
  }

 private:
  const DispatcherHooks hooks_;
  const DispatcherOptions options_;
  const std::vector<std::shared_ptr<const Crm>> crms_;
  const std::vector<std::shared_ptr<const Notifier>> notifiers_;
  const Clock& clock_;
  std::vector<std::shared_ptr<Inbox>> inboxes_;
  std::vector<std::unique_ptr<PushWorker>> pushes_;
  std::unique_ptr<OutboxWorker> outbox_;
  std::vector<std::thread> threads_;
};

Dispatcher::Dispatcher(std::vector<std::shared_ptr<const Crm>> crms,
                       std::vector<std::shared_ptr<const Notifier>> notifiers,
                       DispatcherHooks hooks, DispatcherOptions options, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(crms), std::move(notifiers), std::move(hooks), options,
                                   clock)) {}
Dispatcher::~Dispatcher() = default;
void Dispatcher::start() { impl_->start(); }
void Dispatcher::notify() { impl_->notify(); }
void Dispatcher::stop() { impl_->stop(); }

}  // namespace baton
