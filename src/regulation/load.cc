#include "regulation/load.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "base/file.h"
#include "regulation/map_reader.h"
#include "regulation/read_parameter.h"
#include "regulation/yaml_node.h"

namespace luy::regulation {
namespace {

// Remembers where ids were declared, to refuse the second.
class Declared {
 public:
  void add(const std::string& id, const YamlNode& at, Faults& faults) {
    if (!ids_.insert(id).second) faults.add(duplicate, at, "'" + id + "'");
  }

 private:
  std::set<std::string> ids_;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "5", "10b": at most two digits and, for the second article of a number, the letter b (api/openapi.yaml ObligationId).
bool is_article_number(std::string_view text) {
  if (text.ends_with('b')) text.remove_suffix(1);
  return !text.empty() && text.size() <= 2 && std::all_of(text.begin(), text.end(), is_digit);
}

// "<article>.<n>-<slug>"; the article's number, or nothing when the id has another form.
std::optional<std::string> article_of_id(std::string_view id) {
  const std::size_t dot = id.find('.');
  if (dot == std::string_view::npos || !is_article_number(id.substr(0, dot))) return std::nullopt;
  const std::string_view rest = id.substr(dot + 1);
  const std::size_t dash = rest.find('-');
  if (dash == std::string_view::npos || dash == 0 || dash > 2) return std::nullopt;
  if (!std::all_of(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(dash), is_digit)) return std::nullopt;
  const std::string_view slug = rest.substr(dash + 1);
  if (!is_slug(slug) || slug.find('_') != std::string_view::npos) return std::nullopt;
  return std::string(id.substr(0, dot));
}

void read_acts(MapReader& reader, Pack& pack, Faults& faults) {
  Declared declared;
  for (const YamlNode& node : reader.list("acts")) {
    MapReader act(node, faults, {"id", "title", "short_title", "valid_from", "valid_to", "superseded_by"});
    Act out;
    out.id = act.text("id");
    if (!is_slug(out.id)) act.fault(bad_value, "id", with_choices(out.id, {"a-z", "0-9", "-"}));
    declared.add(out.id, act.at("id"), faults);
    out.title = act.both("title");
    out.short_title = act.both("short_title");
    out.valid_from = act.optional_day("valid_from");
    out.valid_to = act.optional_day("valid_to");
    out.superseded_by = act.optional_both("superseded_by");
    pack.acts.push_back(std::move(out));
  }
}

void read_records(MapReader& reader, Pack& pack, Faults& faults) {
  Declared declared;
  for (const YamlNode& node : reader.list("records")) {
    MapReader record(node, faults, {"id", "title"});
    RecordType out{record.text("id"), record.both("title")};
    if (!is_slug(out.id)) record.fault(bad_value, "id", with_choices(out.id, {"a-z", "0-9", "_"}));
    declared.add(out.id, record.at("id"), faults);
    pack.records.push_back(std::move(out));
  }
}

void read_holders(MapReader& reader, Pack& pack, Faults& faults) {
  const YamlNode& node = reader.map("holders");
  MapReader holders(node, faults,
                    {name_of(Holder::agency_head), name_of(Holder::security_officer), name_of(Holder::staff),
                     name_of(Holder::system_admin), name_of(Holder::town_office), name_of(Holder::culture_info),
                     name_of(Holder::police), name_of(Holder::provincial_authority), name_of(Holder::provider)});
  for (std::size_t i = 0; i < holder_count; ++i) {
    pack.holder_titles.at(i) = holders.both(name_of(static_cast<Holder>(i)));
  }
}

void read_pack_parameters(MapReader& reader, Pack& pack, Faults& faults) {
  std::vector<Parameter> parameters = read_parameters(reader.map("parameters"), faults);
  pack.parameters = Parameters(std::move(parameters));
  constexpr ParameterNeed needs[] = {{"due_percent", Unit::percent}, {"fact_fresh_days", Unit::days}};
  for (const auto& [id, unit] : needs) {
    const Parameter* found = pack.parameters.find(id);
    if (found == nullptr) {
      reader.fault(missing_key, "parameters", "parameters." + std::string(id));
    } else if (found->unit != unit) {
      reader.fault(wrong_unit, "parameters",
                   "parameters." + found->id + ": " + with_choices(name_of(found->unit), {name_of(unit)}));
    }
  }
}

void read_pack_file(const YamlNode& root, std::string_view folder_name, Pack& pack, Faults& faults) {
  MapReader reader(root, faults,
                   {"id", "title", "short_title", "issued_by", "act", "issued_on", "valid_from", "valid_to", "status",
                    "holders", "acts", "records", "parameters", "password_rules", "second_factor"});
  pack.id = reader.text("id");
  if (pack.id != folder_name) reader.fault(bad_value, "id", with_choices(pack.id, {folder_name}));
  pack.title = reader.both("title");
  pack.short_title = reader.both("short_title");
  pack.issued_by = reader.both("issued_by");
  pack.issued_on = reader.day("issued_on");
  pack.valid_from = reader.day("valid_from");
  pack.valid_to = reader.optional_day("valid_to");
  if (pack.valid_to && *pack.valid_to < pack.valid_from) reader.fault(bad_value, "valid_to", "valid_to < valid_from");
  pack.status = reader.both("status");
  if (reader.has("password_rules")) {
    pack.password_rules = reader.name<PasswordRules>("password_rules", password_rules_from_name, password_rules_count);
  }
  if (reader.has("second_factor")) {
    pack.second_factor = reader.name<SecondFactor>("second_factor", second_factor_from_name, second_factor_count);
  }
  read_holders(reader, pack, faults);
  read_acts(reader, pack, faults);
  read_records(reader, pack, faults);
  read_pack_parameters(reader, pack, faults);
  pack.act = reader.text("act");
  if (pack.find_act(pack.act) == nullptr) {
    std::vector<std::string_view> choices;
    for (const Act& act : pack.acts) choices.push_back(act.id);
    reader.fault(unknown_name, "act", with_choices(pack.act, choices));
  }
}

void read_articles_file(const YamlNode& root, Pack& pack, Faults& faults) {
  MapReader reader(root, faults, {"chapters", "articles"});
  Declared chapters;
  std::vector<std::string_view> chapter_numbers;
  for (const YamlNode& node : reader.list("chapters")) {
    MapReader chapter(node, faults, {"number", "title"});
    pack.chapters.push_back({chapter.text("number"), chapter.both("title")});
    chapters.add(pack.chapters.back().number, chapter.at("number"), faults);
  }
  for (const Chapter& chapter : pack.chapters) chapter_numbers.push_back(chapter.number);
  Declared declared;
  for (const YamlNode& node : reader.list("articles")) {
    MapReader article(node, faults, {"number", "chapter", "label", "title", "summary", "quote"});
    Article out;
    out.number = article.text("number");
    if (!is_article_number(out.number)) article.fault(bad_value, "number", with_choices(out.number, {"5", "10b"}));
    declared.add(out.number, article.at("number"), faults);
    out.chapter = article.text("chapter");
    if (std::find(chapter_numbers.begin(), chapter_numbers.end(), out.chapter) == chapter_numbers.end()) {
      article.fault(unknown_name, "chapter", with_choices(out.chapter, chapter_numbers));
    }
    out.label = article.both("label");
    out.title = article.both("title");
    out.summary = article.both("summary");
    out.quote = article.optional_text("quote").value_or("");
    pack.articles.push_back(std::move(out));
  }
}

// "luat-86-2015:24.1" → the act, the place, and both as people cite them.
Source read_source(const YamlNode& node, const Pack& pack, Faults& faults) {
  Source out;
  if (node.kind != YamlNode::Kind::scalar) {
    faults.add(wrong_type, node, "sources [text]");
    return out;
  }
  const std::size_t colon = std::min(node.scalar.find(':'), node.scalar.size());
  out.act = node.scalar.substr(0, colon);
  out.place = colon == node.scalar.size() ? "" : node.scalar.substr(colon + 1);
  const Act* act = pack.find_act(out.act);
  if (act == nullptr) {
    std::vector<std::string_view> choices;
    for (const Act& known : pack.acts) choices.push_back(known.id);
    faults.add(unknown_name, node, with_choices(out.act, choices));
    return out;
  }
  if (out.place.empty()) {
    out.text = act->short_title;
    return out;
  }
  out.text = {"Điều " + out.place + " " + act->short_title.vi, act->short_title.en + ", article " + out.place};
  if (out.act != pack.act) return out;

  const std::size_t dot = std::min(out.place.find('.'), out.place.size());
  const Article* article = pack.article(out.place.substr(0, dot));
  if (article == nullptr) {
    std::vector<std::string_view> choices;
    for (const Article& known : pack.articles) choices.push_back(known.number);
    faults.add(unknown_name, node, with_choices(out.place, choices));
    return out;
  }
  // Our own name for the second article of a number ("10b") is not in the printed text: cite it by its label.
  if (article->number.ends_with('b')) {
    const std::string clause = dot == out.place.size() ? "" : out.place.substr(dot + 1);
    const std::string vi = clause.empty() ? "" : " khoản " + clause;
    const std::string en = clause.empty() ? "" : " clause " + clause;
    out.text = {article->label.vi + vi + " " + act->short_title.vi,
                act->short_title.en + ", " + article->label.en + en};
  }
  return out;
}

void read_evidence(MapReader& reader, Obligation& out, Faults& faults) {
  for (const YamlNode& node : reader.list("evidence")) {
    const auto kind =
        MapReader::name_at<EvidenceKind>(node, node.scalar, evidence_kind_from_name, evidence_kind_count, faults);
    if (std::find(out.evidence.begin(), out.evidence.end(), kind) != out.evidence.end()) {
      faults.add(duplicate, node, node.scalar);
    }
    out.evidence.push_back(kind);
  }
  if (out.evidence.empty()) reader.fault(missing_key, "evidence", "evidence");
}

void read_check(MapReader& reader, const YamlNode& node, const Pack& pack, Obligation& out, Faults& faults) {
  out.check = reader.name<Check>("check", check_from_name, check_count);
  out.record = reader.optional_text("record");
  const bool needs_record = out.check == Check::record || out.check == Check::detections;
  if (needs_record && !out.record) faults.add(missing_key, node, "record");
  if (!needs_record && out.check != Check::triage && out.record) {
    reader.fault(unknown_key, "record", with_choices(name_of(out.check), {"check: record"}));
  }
  if (out.record && pack.record(*out.record) == nullptr) {
    std::vector<std::string_view> choices;
    for (const RecordType& known : pack.records) choices.push_back(known.id);
    reader.fault(unknown_name, "record", with_choices(*out.record, choices));
  }
  if (reader.has("parameters")) {
    std::vector<Parameter> parameters = read_parameters(reader.at("parameters"), faults);
    out.parameters = Parameters(std::move(parameters));
  }
  demand_parameters(out.check, out.parameters.all(), reader.at("parameters"), faults);
}

Obligation read_obligation(const YamlNode& node, const Pack& pack, Faults& faults) {
  MapReader reader(node, faults,
                   {"id", "ref", "holder", "subject", "cadence", "evidence", "title", "requirement", "violated_when",
                    "check", "record", "parameters", "sources"});
  Obligation out;
  out.id = reader.text("id");
  const std::optional<std::string> article = article_of_id(out.id);
  if (!article) reader.fault(bad_value, "id", with_choices(out.id, {"<article>.<n>-<slug>"}));
  out.article = article.value_or("");
  if (pack.article(out.article) == nullptr) {
    std::vector<std::string_view> choices;
    for (const Article& known : pack.articles) choices.push_back(known.number);
    reader.fault(unknown_name, "id", with_choices(out.article, choices));
  }
  out.ref = reader.both("ref");
  out.holder = reader.name<Holder>("holder", holder_from_name, holder_count);
  out.subject = reader.name<Subject>("subject", subject_from_name, subject_count);
  out.cadence = reader.name<Cadence>("cadence", cadence_from_name, cadence_count);
  read_evidence(reader, out, faults);
  out.title = reader.both("title");
  out.requirement = reader.both("requirement");
  out.violated_when = reader.both("violated_when");
  read_check(reader, node, pack, out, faults);
  for (const YamlNode& source : reader.list("sources")) out.sources.push_back(read_source(source, pack, faults));
  if (out.sources.empty()) reader.fault(missing_key, "sources", "sources");
  return out;
}

void read_obligations_file(const YamlNode& root, Pack& pack, Faults& faults) {
  MapReader reader(root, faults, {"obligations"});
  Declared declared;
  for (const YamlNode& node : reader.list("obligations")) {
    Obligation one = read_obligation(node, pack, faults);
    const YamlNode* id = node.find("id");
    declared.add(one.id, id == nullptr ? node : *id, faults);
    pack.obligations.push_back(std::move(one));
  }
  if (pack.obligations.empty()) reader.fault(missing_key, "obligations", "obligations");
}

}  // namespace

Result<Pack> parse_pack(const PackFiles& files) {
  const std::string prefix = files.folder.empty() ? "" : files.folder + "/";
  const std::string_view folder = files.folder;
  const std::size_t slash = folder.rfind('/');
  const std::string_view folder_name = slash == std::string_view::npos ? folder : folder.substr(slash + 1);
  Pack pack;

  Faults pack_faults(prefix + "pack.yaml");
  LUY_TRY(const YamlNode pack_root, parse_yaml(prefix + "pack.yaml", files.pack));
  read_pack_file(pack_root, folder_name, pack, pack_faults);
  if (pack_faults.first()) return *pack_faults.first();

  Faults article_faults(prefix + "articles.yaml");
  LUY_TRY(const YamlNode articles_root, parse_yaml(prefix + "articles.yaml", files.articles));
  read_articles_file(articles_root, pack, article_faults);
  if (article_faults.first()) return *article_faults.first();

  Faults obligation_faults(prefix + "obligations.yaml");
  LUY_TRY(const YamlNode obligations_root, parse_yaml(prefix + "obligations.yaml", files.obligations));
  read_obligations_file(obligations_root, pack, obligation_faults);
  if (obligation_faults.first()) return *obligation_faults.first();
  return pack;
}

Result<Pack> load_pack(const std::filesystem::path& folder) {
  PackFiles files;
  files.folder = folder.lexically_normal().string();
  while (files.folder.size() > 1 && files.folder.ends_with('/')) files.folder.pop_back();
  LUY_TRY(files.pack, read_file(folder / "pack.yaml", file_bytes_max));
  LUY_TRY(files.articles, read_file(folder / "articles.yaml", file_bytes_max));
  LUY_TRY(files.obligations, read_file(folder / "obligations.yaml", file_bytes_max));
  return parse_pack(files);
}

}  // namespace luy::regulation
