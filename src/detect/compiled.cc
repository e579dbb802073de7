#include "detect/compiled.h"

#include <algorithm>
#include <array>

#include "detect/correlate.h"
#include "detect/engine/build_id.h"
#include "detect/engine/compiler.h"
#include "detect/engine/describe.h"
#include "detect/engine/sound.h"
#include "detect/error.h"
#include "detect/item.h"
#include "detect/package.h"
#include "detect/pipeline.h"

namespace luy::detect {
namespace {

constexpr std::string_view magic = "luyrules";
constexpr std::size_t body_at = magic.size() + 2 * std::tuple_size_v<Hash>;

std::string_view bytes_of(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

// Kinds by their place; a new one goes to the end.
constexpr std::array<const ErrorKind*, 17> refusal_kinds{
    &bad_yaml,      &yaml_not_allowed,   &over_limit,           &bad_rule,  &unknown_modifier, &bad_modifier,
    &bad_condition, &unknown_identifier, &unfilled_placeholder, &bad_regex, &bad_network,      &duplicate_rule,
    &unknown_rule,  &bad_correlation,    &bad_pipeline,         &bad_event, &bad_package};

void write_error(ArchiveWriter& archive, const Error& error) {
  const auto found =
      std::find_if(refusal_kinds.begin(), refusal_kinds.end(), [&](const ErrorKind* kind) { return error.is(*kind); });
  LUY_CHECK(found != refusal_kinds.end());
  archive.number(static_cast<std::uint8_t>(found - refusal_kinds.begin()));
  archive.text(error.detail());
}

Error read_error(ArchiveReader& archive) {
  std::uint8_t kind = 0;
  std::string detail;
  archive.number(kind);
  archive.text(detail);
  if (kind >= refusal_kinds.size()) archive.fail();
  return Error(*refusal_kinds[kind < refusal_kinds.size() ? kind : 0], std::move(detail));
}

void write_refusals(ArchiveWriter& archive, const std::vector<Refusal>& refused) {
  archive.number(static_cast<std::uint32_t>(refused.size()));
  for (const Refusal& one : refused) {
    archive.text(one.file);
    archive.number(one.line);
    archive.text(one.id);
    archive.text(one.title);
    write_error(archive, one.error);
  }
}

void read_refusals(ArchiveReader& archive, std::vector<Refusal>& refused) {
  std::uint32_t size = 0;
  archive.number(size);
  for (std::uint32_t i = 0; i < size && archive.ok(); ++i) {
    Refusal one{"", 1, "", "", Error(bad_rule)};
    archive.text(one.file);
    archive.number(one.line);
    archive.text(one.id);
    archive.text(one.title);
    one.error = read_error(archive);
    refused.push_back(std::move(one));
  }
}

template <class Archive>
void describe_rules(Archive& archive, RuleSet& rules) {
  archive.list(rules.rules, [&](Rule& one) { describe(archive, one); });
  archive.list(rules.correlations, [&](ResolvedCorrelation& one) { describe(archive, one); });
  archive.number(rules.filters);
}

// Whether the correlations keep what Correlator relies on.
bool has_sound_correlations(const RuleSet& rules) {
  for (std::size_t i = 0; i < rules.correlations.size(); ++i) {
    const ResolvedCorrelation& one = rules.correlations[i];
    const Correlation& correlation = one.correlation;
    const bool valued =
        correlation.kind == CorrelationKind::value_count || correlation.kind >= CorrelationKind::value_sum;
    const bool sources = std::all_of(one.sources.begin(), one.sources.end(),
                                     [&](std::uint32_t source) { return source < rules.rules.size() + i; });
    if (!sources || one.sources.size() != correlation.rules.size() || one.sources.empty() ||
        one.sources.size() > correlation_rules_max || correlation.timespan_seconds <= 0 ||
        correlation.timespan_seconds > timespan_seconds_max || (valued && correlation.fields.empty())) {
      return false;
    }
  }
  return true;
}

Error refused(std::string_view why) {
  return Error(bad_cache, std::string(why));
}

}  // namespace

Hash compile_key(const std::vector<RuleSource>& sources, const Routing& routing) {
  ArchiveWriter archive;
  archive.text(build_id());
  archive.text(hs_version());
  hs_platform_info_t platform{};
  if (hs_populate_platform(&platform) == HS_SUCCESS) {
    archive.number(platform.tune);
    archive.number(platform.cpu_features);
  }
  archive.number(sizeof(void*));
  for (const auto& [name, fillings] : routing.placeholders) {
    archive.text(name);
    describe(archive, const_cast<std::vector<std::string>&>(fillings));  // A writer only reads.
  }
  archive.text("routes");
  for (const Route& route : routing.routes) {
    describe(archive, const_cast<LogSource&>(route.logsource));
    describe(archive, const_cast<FieldMap&>(route.fields));
  }
  archive.text("sources");
  for (const RuleSource& source : sources) {
    archive.text(source.name);
    archive.number(source.layer);
    archive.number(source.bytes.size());
    archive.text(bytes_of(sha256(source.bytes)));
  }
  return sha256(archive.take());
}

std::string encode_compiled(const Engine& engine, const Hash& key) {
  ArchiveWriter archive;
  // One description serves both directions; a writer only reads.
  auto& rules = const_cast<RuleSet&>(engine.rules());
  auto& program = const_cast<Program&>(engine.program());
  describe_rules(archive, rules);
  write_refusals(archive, rules.refused);
  describe(archive, program);
  describe_databases(archive, program);
  const std::string body = archive.take();
  std::string out(magic);
  out += bytes_of(key);
  out += bytes_of(sha256(body));
  return out + body;
}

Result<std::shared_ptr<const Engine>> decode_compiled(std::string_view bytes, const Hash& key, Routing routing) {
  if (bytes.size() < body_at || !bytes.starts_with(magic)) return refused("luyrules");
  if (bytes.substr(magic.size(), key.size()) != bytes_of(key)) return refused("rules, pipelines, version");
  const std::string_view body = bytes.substr(body_at);
  if (bytes.substr(magic.size() + key.size(), key.size()) != bytes_of(sha256(body))) return refused("SHA-256");
  ArchiveReader archive(body);
  RuleSet rules;
  auto program = std::make_unique<Program>();
  describe_rules(archive, rules);
  read_refusals(archive, rules.refused);
  describe(archive, *program);
  describe_databases(archive, *program);
  if (!archive.done()) return refused("format");
  if (!has_sound_correlations(rules) || !is_sound(*program, rules.rules.size())) return refused("numbers");
  return Engine::of(std::move(rules), std::move(routing), std::move(program));
}

Result<std::vector<RuleFile>> files_of(const std::vector<RuleSource>& sources) {
  std::vector<RuleFile> out;
  for (const RuleSource& source : sources) {
    if (is_rule_file(source.name)) {
      out.push_back(source);
      continue;
    }
    LUY_TRY(std::vector<RuleFile> files, unpack_rules(source.bytes));
    std::move(files.begin(), files.end(), std::back_inserter(out));
  }
  return out;
}

Result<LoadedEngine> load_engine(const std::vector<RuleSource>& sources, Routing routing, std::string_view cached) {
  const Hash key = compile_key(sources, routing);
  LoadedEngine out;
  if (!cached.empty()) {
    auto decoded = decode_compiled(cached, key, routing);
    if (decoded) {
      out.engine = *std::move(decoded);
      return out;
    }
    out.cache_refused = decoded.error();
  }
  LUY_TRY(const std::vector<RuleFile> files, files_of(sources));
  RuleSet rules = make_rule_set(files, routing.placeholders);
  LUY_TRY(out.engine, Engine::make(std::move(rules), std::move(routing)));
  out.to_keep = encode_compiled(*out.engine, key);
  return out;
}

}  // namespace luy::detect
