#include "adapters/engine/source/source.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "adapters/engine/source/source_config.h"
#include "adapters/engine/source/source_spec.h"
#include "mapping/map/map_compile.h"
#include "mapping/map/map_run.h"

namespace baton {
namespace {

// Credentials and session state are never stored with a delivery.
constexpr std::array<std::string_view, 4> kNeverKept{"authorization", "proxy-authorization",
                                                     "cookie", "set-cookie"};

std::string type_of(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  std::transform(type.begin(), type.end(), type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  while (type.ends_with(' ')) type.pop_back();
  return type;
}

class DeclaredSource final : public Source {
 public:
  DeclaredSource(std::string name, SourceSpec spec, SourceConfig config, MapSpec map)
      : name_(std::move(name)),
        spec_(std::move(spec)),
        config_(std::move(config)),
        map_(std::move(map)) {
    map_.source = name_;
    kept_.assign(map_.headers.begin(), map_.headers.end());
    std::erase_if(kept_, [](const std::string& header) {
      return std::find(kNeverKept.begin(), kNeverKept.end(), header) != kNeverKept.end();
    });
  }

  const std::string& name() const override { return name_; }
  const std::string& adapter() const override { return spec_.name; }
  std::span<const VerifySpec> verify() const override {
    return config_.verify.empty() ? spec_.verify : config_.verify;
  }
  std::span<const HandshakeSpec> handshakes() const override { return spec_.handshakes; }

  std::vector<std::string> setting(std::string_view name) const override {
    const auto found = config_.settings.find(name);
    return found != config_.settings.end() ? found->second : std::vector<std::string>{};
  }

  bool accepts_content_type(std::string_view content_type) const override {
    const std::string type = type_of(content_type);
    // Some senders leave the type out or send text/plain; the format is detected when the body is
    // read.
    if (type.empty() || type == "text/plain") return true;
    const auto format = format_of(content_type);
    if (format == BodyFormat::kJson && map_.accepts_json) return true;
    if (format == BodyFormat::kForm && map_.accepts_form) return true;
    return std::find(spec_.content_types.begin(), spec_.content_types.end(), type) !=
           spec_.content_types.end();
  }

  std::size_t max_body() const override { return config_.max_body; }
  std::optional<std::int64_t> requests_per_second() const override {
    return config_.requests_per_second;
  }
  std::span<const std::string> kept_headers() const override { return kept_; }
  int ok_status() const override { return config_.ok_status.value_or(spec_.ok_status); }
  const std::string& ok_body() const override {
    return config_.ok_body ? *config_.ok_body : spec_.ok_body;
  }

  SourceOutput output() const override {
    SourceOutput out;
    const auto brings = [&](const std::optional<TouchType>& touch) {
      if (touch) out.touches.emplace(to_string(*touch));
    };
    brings(map_.override_all.touch);
    for (const auto& [asset, by_asset] : map_.override_asset) brings(by_asset.touch);
    for (const auto& event : map_.events) {
      if (!event.touch) continue;
      brings(event.touch);
      for (const auto& field : event.fields) out.fields.insert(field.target);
    }
    return out;
  }

  std::string delivery_id(const RawDelivery& raw) const override {
    return map_delivery_id(map_, input_of(raw));
  }
  Result<MappedDelivery> map(const RawDelivery& raw) const override {
    return map_delivery(map_, input_of(raw));
  }

 private:
  static MapInput input_of(const RawDelivery& raw) {
    return {raw.content_type, raw.headers, raw.body, raw.received_at};
  }

  std::string name_;
  SourceSpec spec_;
  SourceConfig config_;
  MapSpec map_;
  std::vector<std::string> kept_;
};

// Ignores errors found before this call: they belong to other files.
std::unique_ptr<Source> build(const YamlDocument& config, std::string name,
                              const std::string& user_adapters, bool bare, Findings& all) {
  Findings findings;
  const std::string adapter = adapter_of(config, findings);
  auto spec = load_source_spec(config, adapter, user_adapters, findings);
  std::unique_ptr<Source> source;
  if (spec) {
    SourceConfig read = read_source_config(config, *spec, bare, findings);
    MapSpec map = compile_map(spec->document, &config, findings);
    if (!has_errors(findings))
      source = std::make_unique<DeclaredSource>(std::move(name), std::move(*spec), std::move(read),
                                                std::move(map));
  }
  append(all, std::move(findings));
  return source;
}

}  // namespace

std::unique_ptr<Source> make_source(const YamlDocument& config, std::string name,
                                    const std::string& user_adapters, Findings& findings) {
  return build(config, std::move(name), user_adapters, false, findings);
}

std::unique_ptr<Source> make_bare_source(std::string_view adapter, const std::string& user_adapters,
                                         std::string_view region, Findings& findings) {
  YamlDocument config;
  config.file = std::string(adapter);
  json::object root{{"adapter", adapter}};
  if (!region.empty()) root["region"] = region;
  config.value = std::move(root);
  return build(config, std::string(adapter), user_adapters, true, findings);
}

}  // namespace baton
