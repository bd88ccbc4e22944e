#include <algorithm>

#include <fmt/format.h>

#include "gateway/app/documents/claims.h"
#include "tests/bench/bench.h"
#include "tests/bench/deliveries.h"
#include "tests/bench/due_leads.h"
#include "tests/bench/gateway_process.h"
#include "tests/bench/load.h"

namespace baton::bench {
namespace {

// Together at most the smallest population. No person comes twice, so the gateway's cache of
// persons helps none of the sizes.
constexpr std::size_t kEvents = 8'000, kWarm = 2'000;
constexpr std::size_t kClaimsAtOnce = 512;
constexpr std::size_t kStride = 7'919;  // a prime
constexpr double kPatience = 300;

// Persons who downloaded a file once and are known by their e-mail address.
class Population {
 public:
  explicit Population(GatewayProcess& gateway)
      : gateway_(gateway),
        documents_(gateway.keys()),
        claims_(gateway.keys().subkey("claims")),
        policy_(template_policy(true)) {}

  void grow_to(std::size_t count) {
    drawn_ = 0;
    std::vector<Commit> batch;
    std::vector<Store::Claim> claims;
    const Instant now = gateway_.store().now().value();
    for (; size_ < count; ++size_) {
      batch.push_back(known(size_, now, claims));
      if (batch.size() == DueLeads::kBatch || size_ + 1 == count)
        commit_all(gateway_.store(), batch);
      if (claims.size() >= kClaimsAtOnce || size_ + 1 == count) claim(claims);
    }
  }

  // Deliveries of these persons, spread over all. A person repeats only after all others.
  std::vector<std::string> requests(std::size_t count, const std::string& name) {
    std::vector<std::string> bodies;
    for (std::size_t i = 0; i < count; ++i)
      bodies.push_back(delivery_of(email_of(drawn_++ * kStride % size_)));
    return signed_bodies(bodies, name);
  }

 private:
  static std::string email_of(std::size_t n) {
    return fmt::format("erika.{}@kunde{}.example", n, n % 997);
  }
  Commit known(std::size_t n, Instant now, std::vector<Store::Claim>& claims);
  void claim(std::vector<Store::Claim>& claims) {
    if (auto held = gateway_.store().claim_identities(claims); !held) give_up(held.error().message);
    claims.clear();
  }

  GatewayProcess& gateway_;
  const Documents documents_;
  const Claims claims_;
  const std::shared_ptr<const Policy> policy_;
  std::size_t size_ = 0;
  std::size_t drawn_ = 0;
};

Commit Population::known(std::size_t n, Instant now, std::vector<Store::Claim>& claims) {
  const auto before = documents_.open(PersonId(fmt::format("gr{:018x}", n)), {}).value();
  Touch touch;
  touch.id = fmt::format("g{}", n);
  touch.source = "forms";
  touch.type = TouchType::kContentDownload;
  touch.at = now - days(1);
  touch.person.full_name = "Erika Beispiel";
  touch.person.email = email_of(n);
  auto decision =
      decide(before.state, {touch.id, TouchesReceived{{touch}}}, *policy_, now - days(1));
  decision.effects.clear();
  for (auto& key : claims_.of(touch.person))
    claims.push_back({std::move(key), before.state.id.str()});
  return documents_.close(before, decision, {}, {}, now);
}

struct Cost {
  double gateway = 0, redis = 0;  // processor time in seconds; for one event in microseconds
};

Cost cost_of(const GatewayProcess& gateway) {
  return {gateway.cpu_seconds(), gateway.redis_cpu_seconds()};
}

// Processor time of the gateway and Redis in microseconds, for one delivery from its acceptance to
// its commit. Unlike elapsed time, it does not depend on other programs of the machine.
Cost event_cost(GatewayProcess& gateway, Population& population, const std::string& name) {
  const auto send = [&](std::size_t count, const std::string& of) {
    const auto requests = population.requests(count, of);
    const double before = gateway.metric("baton_domain_events_total", R"(event="touch.recorded")");
    const Cost begun = cost_of(gateway);
    const auto result =
        drive({.port = gateway.port(), .rate = 0, .seconds_at_most = kPatience}, requests);
    if (result.refused > 0) give_up("deliveries of known persons were refused");
    gateway.wait_for("baton_domain_events_total", R"(event="touch.recorded")",
                     before + static_cast<double>(count), kPatience);
    const Cost ended = cost_of(gateway);
    const double each = 1e6 / static_cast<double>(count);
    return Cost{each * (ended.gateway - begun.gateway), each * (ended.redis - begun.redis)};
  };
  send(kWarm, name + "w");
  gateway.rest_from_rewriting(kPatience);
  return send(kEvents, name);
}

}  // namespace

Figures measure_growth(const Options& options) {
  GatewayProcess gateway(options);
  Population population(gateway);
  Figures figures;
  double first = 0, last = 0;
  for (const auto& [persons, name] :
       {std::pair{10'000, "10k"}, std::pair{100'000, "100k"}, std::pair{1'000'000, "1m"}}) {
    if (persons > options.persons) break;
    population.grow_to(static_cast<std::size_t>(persons));
    const Stopwatch watch;
    gateway.start();
    figures[fmt::format("growth_ready_s_{}", name)] = watch.seconds();
    const Cost cost = event_cost(gateway, population, name);
    last = cost.gateway + cost.redis;
    if (first == 0) first = last;
    figures[fmt::format("growth_event_us_{}", name)] = last;
    figures[fmt::format("growth_redis_us_{}", name)] = cost.redis;
    gateway.stop();
  }
  figures["growth_percent"] = 100 * (last / first - 1);
  return figures;
}

}  // namespace baton::bench
