#include "regulation/pack_json.h"

#include <string>

namespace luy::regulation {
namespace {

template <class Items>
boost::json::array array_of(const Items& items) {
  boost::json::array out;
  out.reserve(items.size());
  for (const auto& item : items) out.push_back(to_json(item));
  return out;
}

}  // namespace

boost::json::object to_json(const Text& text) {
  return {{"vi", text.vi}, {"en", text.en}};
}

boost::json::object to_json(const Chapter& chapter) {
  return {{"number", chapter.number}, {"title", to_json(chapter.title)}};
}

boost::json::object to_json(const Article& article) {
  return {
      {"number", article.number},        {"label", to_json(article.label)},     {"chapter", article.chapter},
      {"title", to_json(article.title)}, {"summary", to_json(article.summary)},
  };
}

boost::json::object to_json(const Parameter& parameter) {
  const bool bare = parameter.unit == Unit::count || parameter.unit == Unit::texts;
  return {
      {"name", parameter.id},
      {"title", to_json(parameter.title)},
      {"value", number_text(parameter)},
      {"unit", bare ? std::string_view() : name_of(parameter.unit)},
      {"source", to_json(parameter.source)},
  };
}

boost::json::object to_json(const Obligation& obligation) {
  boost::json::array evidence;
  for (const EvidenceKind kind : obligation.evidence) evidence.push_back(boost::json::value(name_of(kind)));
  boost::json::array sources;
  for (const Source& source : obligation.sources) sources.push_back(to_json(source.text));
  return {
      {"id", obligation.id},
      {"article", obligation.article},
      {"reference", to_json(obligation.ref)},
      {"title", to_json(obligation.title)},
      {"requirement", to_json(obligation.requirement)},
      {"violated_when", to_json(obligation.violated_when)},
      {"holder", name_of(obligation.holder)},
      {"subject", name_of(obligation.subject)},
      {"cadence", name_of(obligation.cadence)},
      {"evidence", std::move(evidence)},
      {"check", name_of(obligation.check)},
      {"parameters", array_of(obligation.parameters.all())},
      {"sources", std::move(sources)},
  };
}

boost::json::object to_json(const Pack& pack) {
  boost::json::value valid_to;
  if (pack.valid_to) valid_to = to_iso(*pack.valid_to);
  return {
      {"id", pack.id},
      {"title", to_json(pack.title)},
      {"valid_from", to_iso(pack.valid_from)},
      {"valid_to", std::move(valid_to)},
      {"chapters", array_of(pack.chapters)},
      {"articles", array_of(pack.articles)},
      {"obligations", array_of(pack.obligations)},
  };
}

}  // namespace luy::regulation
