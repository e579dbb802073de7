#include "detect/flat_event.h"

#include <algorithm>

namespace luy::detect {
namespace {

const FlatField* find_in(const std::vector<FlatField>& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const FlatField& one) { return one.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

struct FlatSink {
  explicit FlatSink(const Shape& names) : shape(names) {}

  std::uint32_t slot(std::string_view name) {
    const auto renamed = shape.renamed().find(name);
    const std::string_view wanted = renamed == shape.renamed().end() ? name : std::string_view(renamed->second);
    if (const FlatField* found = find_in(event.fields, wanted)) {
      return static_cast<std::uint32_t>(found - event.fields.data());
    }
    event.fields.push_back({std::string(wanted), {}});
    event.enveloped.push_back({std::string(wanted), {}});
    ranks.push_back({});
    return static_cast<std::uint32_t>(event.fields.size() - 1);
  }

  void put(std::uint32_t slot, std::uint8_t rank, bool append, Value value) {
    FlatValue kept{std::string(value.text), value.kind};
    if (value.kind != ValueKind::null) event.everything.push_back(kept);
    Ranks& known = ranks[slot];
    const bool first = event.fields[slot].values.empty();
    if (first || rank >= known.highest) store(event.fields[slot], append && rank == known.highest, kept);
    if (first || rank <= known.lowest) store(event.enveloped[slot], append && rank == known.lowest, kept);
    known = first ? Ranks{rank, rank} : Ranks{std::max(known.highest, rank), std::min(known.lowest, rank)};
  }

  static void store(FlatField& field, bool append, const FlatValue& value) {
    if (!append) field.values.clear();
    field.values.push_back(value);
  }

  struct Ranks {
    std::uint8_t highest = 0;
    std::uint8_t lowest = 0;
  };
  const Shape& shape;
  FlatEvent event;
  std::vector<Ranks> ranks;
};

}  // namespace

const FlatField* FlatEvent::find(std::string_view name) const {
  return find_in(fields, name);
}

Result<FlatEvent> flatten(const Shape& shape, std::string_view json) {
  Extractor extractor(shape);
  FlatSink sink(shape);
  LUY_TRY_VOID(extractor.walk(json, json.size(), sink));
  // A field whose list is empty has no values and is as good as absent.
  std::erase_if(sink.event.fields, [](const FlatField& one) { return one.values.empty(); });
  std::erase_if(sink.event.enveloped, [](const FlatField& one) { return one.values.empty(); });
  return std::move(sink.event);
}

}  // namespace luy::detect
