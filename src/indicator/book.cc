#include "indicator/book.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <map>

namespace luy::indicator {
namespace {

namespace json = boost::json;

constexpr std::string_view first = R"sql(
CREATE TABLE indicator_list (
  id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, format TEXT NOT NULL, source TEXT NOT NULL, added_by TEXT NOT NULL,
  added_at BIGINT NOT NULL, expires_at BIGINT, refused_count BIGINT NOT NULL, refused TEXT NOT NULL);
CREATE TABLE indicator_entry (
  list TEXT NOT NULL, number BIGINT NOT NULL, type TEXT NOT NULL, value TEXT NOT NULL, also TEXT NOT NULL,
  note TEXT NOT NULL, valid_until BIGINT, PRIMARY KEY (list, number));
)sql";
constexpr std::array<records::Migration, 1> all = {{{"indicator", 1, first}}};

std::string refused_text(const std::vector<Refused>& refused) {
  json::array out;
  for (const Refused& one : refused) out.push_back(json::array{one.what, one.vi, one.en});
  return json::serialize(out);
}

std::vector<Refused> refused_from(std::string_view text) {
  std::vector<Refused> out;
  boost::system::error_code error;
  const json::value root = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !root.is_array()) return out;
  for (const json::value& one : root.get_array()) {
    const json::array* parts = one.if_array();
    if (parts == nullptr || parts->size() != 3) continue;
    out.push_back({std::string((*parts)[0].as_string()), std::string((*parts)[1].as_string()),
                   std::string((*parts)[2].as_string())});
  }
  return out;
}

// "type value" pairs on lines of their own; values hold no blanks.
std::string also_text(const std::vector<Atom>& also) {
  std::string out;
  for (const Atom& atom : also) out += std::string(name_of(atom.type)) + " " + atom.value + "\n";
  return out;
}

std::vector<Atom> also_from(std::string_view text) {
  std::vector<Atom> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t blank = line.find(' ');
    const auto type = type_from_name(line.substr(0, blank));
    if (type && blank != std::string_view::npos) out.push_back({*type, std::string(line.substr(blank + 1))});
  }
  return out;
}

Result<void> save(records::Connection& db, const List& list, const std::vector<Indicator>& indicators) {
  std::optional<std::int64_t> expires;
  if (list.expires_at) expires = to_millis(*list.expires_at);
  const std::string refused = refused_text(list.refused);
  LUY_TRY_VOID(db.run(
      "INSERT INTO indicator_list (id, name, format, source, added_by, added_at, expires_at, refused_count, refused) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {std::string_view(list.id.text()), std::string_view(list.name), name_of(list.format),
       std::string_view(list.source), std::string_view(list.added_by), to_millis(list.added_at),
       records::nullable(expires), static_cast<std::int64_t>(list.refused_count), std::string_view(refused)}));
  std::int64_t number = 0;
  for (const Indicator& one : indicators) {
    std::optional<std::int64_t> until;
    if (one.valid_until) until = to_millis(*one.valid_until);
    const std::string also = also_text(one.also);
    LUY_TRY_VOID(db.run(
        "INSERT INTO indicator_entry (list, number, type, value, also, note, valid_until) VALUES ($1, $2, $3, $4, $5, "
        "$6, $7)",
        {std::string_view(list.id.text()), number++, name_of(one.atom.type), std::string_view(one.atom.value),
         std::string_view(also), std::string_view(one.note), records::nullable(until)}));
  }
  return {};
}

Result<void> erase(records::Connection& db, const ListId& id) {
  LUY_TRY_VOID(db.run("DELETE FROM indicator_entry WHERE list = $1", {std::string_view(id.text())}));
  LUY_TRY_VOID(db.run("DELETE FROM indicator_list WHERE id = $1", {std::string_view(id.text())}));
  return {};
}

}  // namespace

std::span<const records::Migration> migrations() {
  return all;
}

Result<std::unique_ptr<Book>> Book::open(Dependencies dependencies) {
  std::unique_ptr<Book> book(new Book(dependencies));
  LUY_TRY_VOID(book->load());
  return book;
}

Result<void> Book::load() {
  std::vector<List> lists;
  std::vector<Indicator> indicators;
  std::vector<std::uint32_t> of;
  const auto read = d_.database.read([&](records::Connection& db) -> Result<void> {
    std::map<std::string, std::uint32_t> places;
    LUY_TRY_VOID(db.query(
        "SELECT id, name, format, source, added_by, added_at, expires_at, refused_count, refused FROM indicator_list "
        "ORDER BY added_at DESC, id DESC",
        {}, [&](const records::Row& row) {
          List list;
          list.id = ListId::trusted(row.text(0));
          list.name = row.text(1);
          list.format = format_from_name(row.text(2)).value_or(Format::csv);
          list.source = row.text(3);
          list.added_by = row.text(4);
          list.added_at = from_millis(row.integer(5));
          if (const auto at = row.maybe_integer(6)) list.expires_at = from_millis(*at);
          list.refused_count = static_cast<std::size_t>(row.integer(7));
          list.refused = refused_from(row.text(8));
          places.emplace(list.id.text(), static_cast<std::uint32_t>(lists.size()));
          lists.push_back(std::move(list));
        }));
    return db.query(
        "SELECT list, type, value, also, note, valid_until FROM indicator_entry ORDER BY list, number", {},
        [&](const records::Row& row) {
          const auto place = places.find(std::string(row.text(0)));
          const auto type = type_from_name(row.text(1));
          if (place == places.end() || !type) return;
          List& list = lists[place->second];
          Indicator one{
              {*type, std::string(row.text(2))}, also_from(row.text(3)), std::string(row.text(4)), list.expires_at};
          if (const auto until = row.maybe_integer(5)) {
            const Time end = from_millis(*until);
            one.valid_until = one.valid_until ? std::min(*one.valid_until, end) : end;
          }
          ++list.count;
          indicators.push_back(std::move(one));
          of.push_back(place->second);
        });
  });
  if (!read) return read.error();
  std::vector<List> names = lists;
  for (List& list : names) list.refused.clear();
  auto matching =
      std::make_shared<const Matching>(Matching{Matcher(std::move(indicators)), std::move(of), std::move(names)});
  const std::lock_guard lock(mutex_);
  lists_ = std::move(lists);
  matching_ = std::move(matching);
  return {};
}

Result<List> Book::import(const NewList& wanted, const WithList& also) {
  LUY_TRY(Imported imported, read_list(wanted.format, wanted.content));
  const std::lock_guard act(acts_);
  List list;
  list.added_at = d_.clock.now();
  list.id = ListId::make(list.added_at, d_.random);
  list.name = wanted.name;
  list.format = wanted.format;
  list.source = wanted.source;
  list.added_by = wanted.added_by;
  list.expires_at = wanted.expires_at;
  list.count = imported.indicators.size();
  list.refused_count = imported.refused_count;
  list.refused = std::move(imported.refused);
  std::vector<ListId> replaced;
  std::size_t others = 0;
  for (const List& one : lists()) {
    if (wanted.replaces && one.source == wanted.source) {
      replaced.push_back(one.id);
    } else {
      others += one.count;
    }
  }
  if (others + list.count > indicators_max) return Error(list_too_large, std::to_string(indicators_max));
  if (lists().size() >= lists_max && replaced.empty()) return Error(list_too_large, std::to_string(lists_max));
  const auto saved = d_.database.write([&](records::Connection& db) -> Result<void> {
    for (const ListId& id : replaced) LUY_TRY_VOID(erase(db, id));
    LUY_TRY_VOID(save(db, list, imported.indicators));
    return also ? also(db, list) : Result<void>();
  });
  if (!saved) return saved.error();
  LUY_TRY_VOID(load());
  return list;
}

Result<void> Book::remove(const ListId& id, const InTransaction& also) {
  const std::lock_guard act(acts_);
  const auto present = lists();
  if (std::none_of(present.begin(), present.end(), [&](const List& list) { return list.id == id; })) {
    return Error(list_unknown, id.text());
  }
  const auto erased = d_.database.write([&](records::Connection& db) -> Result<void> {
    LUY_TRY_VOID(erase(db, id));
    return also ? also(db) : Result<void>();
  });
  if (!erased) return erased.error();
  return load();
}

std::vector<List> Book::lists() const {
  const std::lock_guard lock(mutex_);
  return lists_;
}

std::shared_ptr<const Matching> Book::matching() const {
  const std::lock_guard lock(mutex_);
  return matching_;
}

}  // namespace luy::indicator
