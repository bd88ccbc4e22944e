#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "gateway/core/policy/policy.h"
#include "tests/bench/bench.h"
#include "tests/support/source_dir.h"

namespace baton::bench {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  if (out.str().empty()) give_up("cannot read " + path);
  return out.str();
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

void give_up(const std::string& why) { throw std::runtime_error(why); }

std::string policy_text(const std::string& kind, bool around_the_clock) {
  std::string text = read_file(source_dir() + "/gateway/cli/templates/policy/" + kind + ".yaml");
  if (!around_the_clock) return text;
  if (kind == "sla") replace_all(text, "calendar: office", "calendar: always");
  if (kind == "routing") replace_all(text, "cap: {day: 25}", "cap: {day: 100000}");
  return text;
}

std::shared_ptr<const Policy> template_policy(bool around_the_clock) {
  std::map<std::string, YamlDocument> documents;
  Findings findings;
  for (const std::string kind : {"calendars", "lifecycle", "routing", "scoring", "sla"}) {
    documents[kind] = parse_yaml(policy_text(kind, around_the_clock), kind + ".yaml", findings);
  }
  auto policy = load_policy(documents, findings);
  if (!policy)
    give_up("the template policies do not compile: " +
            (findings.empty() ? "" : findings.front().message));
  return policy;
}

double percentile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto at = std::min(values.size() - 1,
                           static_cast<std::size_t>(share * static_cast<double>(values.size())));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

Figures medians(const std::vector<Figures>& runs) {
  std::map<std::string, std::vector<double>> collected;
  for (const auto& run : runs) {
    for (const auto& [name, value] : run) collected[name].push_back(value);
  }
  Figures out;
  for (auto& [name, values] : collected) out[name] = percentile(values, 0.5);
  return out;
}

std::uint64_t Dice::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace baton::bench
