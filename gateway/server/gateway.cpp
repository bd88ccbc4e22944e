#include "gateway/server/gateway.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "gateway/api/action_page.h"
#include "gateway/api/admin_api.h"
#include "gateway/app/admin/admin_backend.h"
#include "gateway/app/common/node.h"
#include "gateway/app/delivery/deliveries.h"
#include "gateway/app/reports/report_worker.h"
#include "gateway/app/workers/engine.h"
#include "gateway/app/workers/housekeeper.h"
#include "gateway/app/workers/intake.h"
#include "gateway/platform/failpoint.h"
#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"
#include "gateway/platform/random.h"
#include "gateway/store/redis/redis_store.h"
#include "mapping/unicode.h"
#include "webhooks/edge/edge.h"

namespace baton {
namespace {

constexpr int kApiThreads = 4;
// A clock that was set wrongly is off by hours; unsynchronised clocks drift by minutes.
constexpr Duration kMostSkew = minutes(5);
constexpr int kRandomTokenBytes = 16;
constexpr int kEngineLanes = 4;  // connections of an engine thread

struct MetricsObserver final : EdgeObserver {
  void request(std::string_view source, std::string_view result, std::int64_t ns) override {
    count("webhook_requests_total", fmt::format("source={},result={}", source, result));
    observe_seconds("webhook_request_duration_seconds", static_cast<double>(ns) / 1e9);
  }
};

Result<std::vector<IpNetwork>> networks_of(const std::vector<std::string>& texts) {
  std::vector<IpNetwork> networks;
  for (const auto& text : texts) {
    const auto network = parse_network(trim(text));
    if (!network)
      return error(Errc::kInvalidInput,
                   fmt::format("trusted_proxies: \"{}\" is not a network; write 10.0.0.0/8", text));
    networks.push_back(*network);
  }
  return networks;
}

class AssembledGateway final : public Gateway {
 public:
  AssembledGateway(Deployment deployment, const Options& options) {
    runtime_.node.settings = std::move(deployment.settings);
    redis_.url = options.redis_url;
    redis_.partitions = static_cast<PartitionId>(runtime_.node.settings.partitions);
    take(deployment);
  }

  ~AssembledGateway() override { stop(seconds(10)); }

  Status open();
  std::uint16_t public_port() const override { return public_->port(); }
  std::uint16_t admin_port() const override { return admin_->port(); }
  void publish() override;
  void reload(Deployment deployment) override;
  void stop(Duration grace) override;

 private:
  void take(Deployment& deployment);
  void start_engine();
  void start_dispatcher();
  void wake_dispatcher();
  Status start_public();
  Status start_admin();
  void publish_sources();

  Runtime runtime_;
  RedisOptions redis_;
  StoreState state_;
  MetricsObserver observer_;
  std::unique_ptr<Spool> spool_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Housekeeper> housekeeper_;
  std::unique_ptr<ReportWorker> reports_;
  std::unique_ptr<Deliveries> deliveries_;
  std::mutex dispatcher_mutex_;
  std::shared_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<AdminBackend> backend_;
  std::unique_ptr<WorkerPool> api_threads_;
  std::unique_ptr<ActionPage> actions_;
  std::unique_ptr<AdminApi> api_;
  std::unique_ptr<EdgeState> edge_;
  std::unique_ptr<HttpServer> public_, admin_;
  HttpServerStats published_;
  bool stopped_ = false;
};

void AssembledGateway::take(Deployment& deployment) {
  runtime_.configuration.sources = std::move(deployment.sources);
  runtime_.configuration.notifiers = std::move(deployment.notifiers);
  runtime_.configuration.routes = std::move(deployment.routes);
  runtime_.configuration.reports.store(
      std::make_shared<ReportSettings>(std::move(deployment.reports)));
  Names names, task_takers;
  for (const auto& crm : deployment.crms) {
    names.push_back(crm->name());
    if (crm->tasks() != nullptr) task_takers.push_back(crm->name());
  }
  runtime_.feedback.watch(deployment.crms);
  runtime_.configuration.crms.store(std::make_shared<Crms>(std::move(deployment.crms)));
  runtime_.configuration.destinations.store(std::make_shared<Names>(std::move(names)));
  runtime_.configuration.task_takers.store(std::make_shared<Names>(std::move(task_takers)));
  runtime_.configuration.policy.store(deployment.policy);
}

Status AssembledGateway::open() {
  Settings& settings = runtime_.node.settings;
  auto keys = Keyring::open(settings.data + "/keys", settings.master_key);
  if (!keys) return keys.error();
  auto node = node_name(settings.data);
  if (!node) return node.error();
  runtime_.node.name = std::move(*node);
  runtime_.access.open(std::move(*keys));
  runtime_.node.max_skew = kMostSkew;
  runtime_.stores.open = [redis = redis_] { return make_redis_store(redis); };
  RedisOptions wide = redis_;
  wide.lanes = kEngineLanes;
  runtime_.stores.open_wide = [wide] { return make_redis_store(wide); };
  auto spool =
      Spool::open(settings.spool_folder.empty() ? settings.data + "/spool" : settings.spool_folder,
                  {.max_bytes = settings.spool_bytes});
  if (!spool) return spool.error();
  spool_ = std::move(*spool);
  runtime_.signals.wake_dispatcher = [this] {
    wake_dispatcher();
  };  // before any thread can call it
  start_engine();
  start_dispatcher();
  backend_ = std::make_unique<AdminBackend>(runtime_, state_, *spool_);
  api_threads_ = std::make_unique<WorkerPool>(kApiThreads);
  if (auto status = start_admin(); !status) return status;
  return start_public();
}

void AssembledGateway::start_engine() {
  runtime_.signals.engine = std::make_unique<EngineWakeup>(
      static_cast<std::size_t>(runtime_.node.settings.engine_threads));
  engine_ = std::make_unique<Engine>(runtime_.engine(), runtime_.node.clock_health);
  engine_->start();
  housekeeper_ = std::make_unique<Housekeeper>(
      HousekeeperParts{runtime_.engine(), runtime_.leases, runtime_.reindex}, state_, *spool_,
      *engine_);
  housekeeper_->start();
  reports_ = std::make_unique<ReportWorker>(runtime_.engine(), runtime_.leases,
                                            runtime_.node.clock_health);
  reports_->start();
}

void AssembledGateway::start_dispatcher() {
  if (!deliveries_) deliveries_ = std::make_unique<Deliveries>(runtime_);
  DispatcherOptions options;
  options.longest_sleep = std::max(runtime_.node.settings.look_every, milliseconds(50));
  auto dispatcher =
      std::make_shared<Dispatcher>(*runtime_.configuration.crms.load(),
                                   runtime_.configuration.notifiers, deliveries_->ports(), options);
  dispatcher->start();
  {
    const std::lock_guard lock(dispatcher_mutex_);
    dispatcher_.swap(dispatcher);
  }
}

void AssembledGateway::wake_dispatcher() {
  std::shared_ptr<Dispatcher> current;
  {
    const std::lock_guard lock(dispatcher_mutex_);
    current = dispatcher_;
  }
  if (current) current->notify();
}

void AssembledGateway::publish_sources() {
  auto table = std::make_shared<SourceTable>();
  for (const auto& source : runtime_.configuration.sources) table->emplace(source->name(), source);
  edge_->set_sources(std::move(table));
}

Status AssembledGateway::start_public() {
  const Settings& settings = runtime_.node.settings;
  EdgeOptions edge;
  edge.public_url = settings.public_url;
  edge.address_rate = {settings.requests_per_address, 2 * settings.requests_per_address};
  edge.inflate_ratio = static_cast<std::size_t>(settings.unzip_ratio);
  edge.seed = random_below(UINT32_MAX);
  edge.now = [] {
    BATON_FAILPOINT(
        "edge.read");  // called once for each request, which is read but not yet verified
    return system_clock().now();
  };
  edge.steady_ns = [] { return system_clock().steady_ns(); };
  edge_ = std::make_unique<EdgeState>(std::move(edge), observer_);
  publish_sources();
  ActionPageOptions page;
  page.keys = {runtime_.access.keys->subkey("action-links")};
  page.now = [] { return system_clock().now(); };
  page.steady_ns = [] { return system_clock().steady_ns(); };
  page.random_hex = [] { return random_hex(kRandomTokenBytes); };
  page.texts = [this] { return runtime_.configuration.policy.load()->texts; };
  actions_ = std::make_unique<ActionPage>(*backend_, *api_threads_, std::move(page));

  auto proxies = networks_of(settings.trusted_proxies);
  if (!proxies) return proxies.error();
  HttpServerOptions http;
  http.address = settings.public_listener.host;
  http.port = settings.public_listener.port;
  http.threads = settings.io_threads > 0
                     ? settings.io_threads
                     : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  http.tls_cert_file = settings.tls_certificate;
  http.tls_key_file = settings.tls_key;
  http.max_header = settings.header_bytes;
  http.header_timeout = settings.header_time;
  http.body_timeout = settings.body_time;
  http.idle_timeout = settings.idle_time;
  http.max_connections = static_cast<std::size_t>(settings.connections);
  http.max_per_address = static_cast<std::size_t>(settings.connections_per_address);
  http.trusted_proxies = std::move(*proxies);
  const IntakeParts sink{runtime_.node, *runtime_.access.keys, runtime_.signals, state_, *spool_};
  auto server = HttpServer::start(std::move(http), [this, sink](boost::asio::io_context& io, int) {
    return make_edge(*edge_, make_gateway_sink(io, sink, redis_), actions_->handler());
  });
  if (!server) return server.error();
  public_ = std::move(*server);
  return {};
}

Status AssembledGateway::start_admin() {
  AdminApiOptions options;
  options.tokens = runtime_.node.settings.admin_tokens;
  options.now = [] { return system_clock().now(); };
  options.steady_ns = [] { return system_clock().steady_ns(); };
  options.random_hex = [] { return random_hex(kRandomTokenBytes); };
  auto api = AdminApi::make(*backend_, *api_threads_, std::move(options));
  if (!api) return api.error();
  api_ = std::move(*api);
  HttpServerOptions http;
  http.address = runtime_.node.settings.admin_listener.host;
  http.port = runtime_.node.settings.admin_listener.port;
  auto server = HttpServer::start(
      std::move(http), [this](boost::asio::io_context&, int) { return api_->handler(); });
  if (!server) return server.error();
  admin_ = std::move(*server);
  return {};
}

void AssembledGateway::publish() {
  const auto now = public_->stats();
  const auto since = [&](std::uint64_t HttpServerStats::*field) {
    return static_cast<double>(now.*field - published_.*field);
  };
  gauge("connections", static_cast<double>(now.open));
  count("connections_total", "result=accepted", since(&HttpServerStats::accepted));
  count("connections_total", "result=refused", since(&HttpServerStats::refused));
  count("connections_total", "result=shed", since(&HttpServerStats::shed));
  count("requests_malformed_total", {}, since(&HttpServerStats::malformed));
  count("requests_timed_out_total", {}, since(&HttpServerStats::timeouts));
  published_ = now;
}

void AssembledGateway::reload(Deployment deployment) {
  // The dispatcher stops the old destinations before it starts the new ones, so that no item has
  // two workers. Sources and policies change under live traffic.
  std::shared_ptr<Dispatcher> old;
  {
    const std::lock_guard lock(dispatcher_mutex_);
    old.swap(dispatcher_);
  }
  old->stop();
  engine_->pause();
  BATON_FAILPOINT("gateway.reload");
  take(deployment);
  engine_->resume();
  publish_sources();
  start_dispatcher();
  runtime_.signals.wake_engine();
  log_info("gateway", "configuration reloaded",
           {{"policy", runtime_.configuration.policy.load()->hash}});
}

void AssembledGateway::stop(Duration grace) {
  if (stopped_) return;
  stopped_ = true;
  if (public_) public_->drain(grace);
  BATON_FAILPOINT("run.shutdown");
  runtime_.signals.stopping.store(true);
  if (engine_) engine_->join();
  if (reports_) reports_->join();
  if (dispatcher_) dispatcher_->stop();
  if (housekeeper_) housekeeper_->join();
  if (admin_) admin_->drain(seconds(1));
}

}  // namespace

Result<std::unique_ptr<Gateway>> Gateway::start(Deployment deployment, const Options& options) {
  auto gateway = std::make_unique<AssembledGateway>(std::move(deployment), options);
  if (auto opened = gateway->open(); !opened) return opened.error();
  return std::unique_ptr<Gateway>(std::move(gateway));
}

}  // namespace baton
