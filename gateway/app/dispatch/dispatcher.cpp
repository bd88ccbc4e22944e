#include "gateway/app/dispatch/dispatcher.h"

#include <thread>

#include "gateway/app/dispatch/outbox_worker.h"
#include "gateway/app/dispatch/push_worker.h"

namespace baton {

class Dispatcher::Impl {
 public:
  Impl(std::vector<std::shared_ptr<const Crm>> crms,
       std::vector<std::shared_ptr<const Notifier>> notifiers, DispatcherPorts ports,
       DispatcherOptions options, const Clock& clock)
      : ports_(ports),
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
      pushes_.push_back(std::make_unique<PushWorker>(crm, inbox, ports_, options_, clock_));
      threads_.emplace_back([worker = pushes_.back().get()] { worker->run(); });
    }
    auto inbox = inboxes_.emplace_back(std::make_shared<Inbox>());
    outbox_ = std::make_unique<OutboxWorker>(notifiers_, inbox, ports_, options_, clock_);
    threads_.emplace_back([worker = outbox_.get()] { worker->run(); });
  }

  void notify() {
    for (const auto& inbox : inboxes_) inbox->wake();
  }

  void stop() {
    for (const auto& inbox : inboxes_) inbox->stop();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    // The HTTP clients of the workers abandon the calls in flight. Their answers go to inboxes that
    // no thread reads. The inboxes stay, because another thread may be in notify().
    pushes_.clear();
    outbox_.reset();
  }

 private:
  const DispatcherPorts ports_;
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
                       DispatcherPorts ports, DispatcherOptions options, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(crms), std::move(notifiers), ports, options, clock)) {}
Dispatcher::~Dispatcher() = default;
void Dispatcher::start() { impl_->start(); }
void Dispatcher::notify() { impl_->notify(); }
void Dispatcher::stop() { impl_->stop(); }

}  // namespace baton
