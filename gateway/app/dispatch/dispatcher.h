#pragma once

#include <memory>
#include <vector>

#include "gateway/app/dispatch/dispatcher_options.h"
#include "gateway/app/dispatch/ports.h"
#include "gateway/platform/clock.h"

namespace baton {

// Carries out the effects of decisions in other systems. It pushes the newest version of persons
// and tasks to every CRM, and sends messages to the channels. Each CRM has a thread, and all
// channels share one. Each destination has its own breaker, rate pause and limit of calls in
// flight. A destination that is down delays no other destination.
//
// The dispatcher writes the result of every call to the store. A crash can repeat a call, but
// cannot lose it. A repeated call carries the same key. A destination receives at most one item of
// a person at a time.
class Dispatcher {
 public:
  Dispatcher(std::vector<std::shared_ptr<const Crm>> crms,
             std::vector<std::shared_ptr<const Notifier>> notifiers, DispatcherPorts ports,
             DispatcherOptions options = {}, const Clock& clock = system_clock());
  ~Dispatcher();  // stops
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  void start();
  // Makes the workers read the store now. Cheap; may be called from any thread.
  void notify();
  // Starts no new call, waits for answers for at most the grace period, then abandons the remaining
  // calls. Their items stay in the store.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baton
