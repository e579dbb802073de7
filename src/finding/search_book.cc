#include "finding/search_book.h"

#include <algorithm>

#include "evidence/question.h"

namespace luy::finding {
namespace {

SavedSearch search_of(const records::Row& row) {
  SavedSearch out;
  out.id = SearchId::trusted(row.text(0));
  out.name = row.text(1);
  out.query = row.text(2);
  out.agency = AgencyId::parse(row.text(3));
  if (const auto owner = AccountId::parse(row.text(4))) out.owner = *owner;
  out.owner_name = row.text(5);
  out.shared = row.integer(6) != 0;
  if (!row.null(7)) {
    out.alert = SearchAlert{static_cast<std::uint64_t>(row.integer(7)), std::chrono::seconds(row.integer(8)),
                            std::string(row.text(9)), severity_from_name(row.text(10)).value_or(Severity::medium)};
  }
  out.version = row.integer(11);
  if (!row.null(12)) out.last_alert_at = from_micros(row.integer(12));
  return out;
}

Result<void> save(records::Connection& c, const SavedSearch& one) {
  const std::string agency = one.agency ? one.agency->text() : std::string();
  const SearchAlert alert = one.alert.value_or(SearchAlert{});
  const records::Param over =
      one.alert ? records::Param(static_cast<std::int64_t>(alert.over)) : records::Param(records::Null{});
  const records::Param last =
      one.last_alert_at ? records::Param(to_micros(*one.last_alert_at)) : records::Param(records::Null{});
  LUY_TRY_VOID(c.run(
      "INSERT INTO finding_search (id, name, query, agency, owner, owner_name, shared, alert_over, alert_seconds, "
      "alert_by, alert_severity, version, last_alert_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
      "$13) ON CONFLICT (id) DO UPDATE SET name = excluded.name, query = excluded.query, agency = excluded.agency, "
      "shared = excluded.shared, alert_over = excluded.alert_over, alert_seconds = excluded.alert_seconds, alert_by = "
      "excluded.alert_by, alert_severity = excluded.alert_severity, version = excluded.version",
      {std::string_view(one.id.text()), std::string_view(one.name), std::string_view(one.query),
       std::string_view(agency), std::string_view(one.owner.text()), std::string_view(one.owner_name),
       std::int64_t{one.shared ? 1 : 0}, over, std::int64_t{alert.window.count()}, std::string_view(alert.by),
       name_of(alert.severity), one.version, last}));
  return {};
}

}  // namespace

Result<std::unique_ptr<SearchBook>> SearchBook::open(Dependencies dependencies) {
  std::unique_ptr<SearchBook> book(new SearchBook(std::move(dependencies)));
  LUY_TRY_VOID(book->load());
  return book;
}

Result<void> SearchBook::load() {
  return d_.database.read([&](records::Connection& c) {
    return c.query(
        "SELECT id, name, query, agency, owner, owner_name, shared, alert_over, alert_seconds, alert_by, "
        "alert_severity, version, last_alert_at FROM finding_search",
        {}, [&](const records::Row& row) {
          SavedSearch one = search_of(row);
          const SearchId id = one.id;
          searches_[id] = std::make_shared<const SavedSearch>(std::move(one));
        });
  });
}

Result<void> SearchBook::check(const SavedSearch& wanted) const {
  if (wanted.name.empty() || wanted.name.size() > search_name_bytes_max) return Error(bad_search, "name");
  LUY_TRY_VOID(evidence::Question::parse(wanted.query));
  if (wanted.alert) {
    const SearchAlert& alert = *wanted.alert;
    if (alert.over > alert_over_max) return Error(bad_search, "over");
    if (alert.window < alert_window_min || alert.window > alert_window_max) return Error(bad_search, "window_seconds");
  }
  std::size_t own = 0;
  std::size_t alerts = 0;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, one] : searches_) {
    if (id == wanted.id) continue;
    own += one->owner == wanted.owner ? 1 : 0;
    alerts += one->alert ? 1 : 0;
  }
  if (own >= searches_per_owner_max) return Error(too_many_searches, std::to_string(searches_per_owner_max));
  if (searches_.size() >= searches_max) return Error(too_many_searches, std::to_string(searches_max));
  if (wanted.alert && alerts >= search_alerts_max) return Error(too_many_searches, std::to_string(search_alerts_max));
  return {};
}

Result<SearchPointer> SearchBook::store(SavedSearch wanted, const Also& also) {
  LUY_TRY_VOID(check(wanted));
  const auto saved = d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(save(c, wanted));
    return also ? also(c, wanted) : Result<void>();
  });
  if (!saved) return saved.error();
  auto stored = std::make_shared<const SavedSearch>(std::move(wanted));
  const std::lock_guard lock(mutex_);
  searches_[stored->id] = stored;
  ++revision_;
  return SearchPointer(std::move(stored));
}

Result<SearchPointer> SearchBook::add(SavedSearch wanted, const Also& also) {
  const std::lock_guard writing(writing_);
  wanted.id = SearchId::make(d_.clock.now(), d_.random);
  wanted.version = 1;
  wanted.last_alert_at.reset();
  return store(std::move(wanted), also);
}

Result<SearchPointer> SearchBook::change(SavedSearch wanted, const Also& also) {
  const std::lock_guard writing(writing_);
  const SearchPointer before = find(wanted.id);
  if (!before) return Error(search_unknown);
  if (before->version != wanted.version) return Error(search_changed);
  wanted.owner = before->owner;
  wanted.owner_name = before->owner_name;
  wanted.last_alert_at = before->last_alert_at;
  ++wanted.version;
  return store(std::move(wanted), also);
}

Result<void> SearchBook::remove(const SearchId& id, const Also& also) {
  const std::lock_guard writing(writing_);
  const SearchPointer before = find(id);
  if (!before) return Error(search_unknown);
  const auto removed = d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("DELETE FROM finding_search WHERE id = $1", {std::string_view(id.text())}));
    return also ? also(c, *before) : Result<void>();
  });
  if (!removed) return removed;
  const std::lock_guard lock(mutex_);
  searches_.erase(id);
  ++revision_;
  return {};
}

Result<void> SearchBook::note_alert(const SearchId& id, Time at) {
  const std::lock_guard writing(writing_);
  const SearchPointer before = find(id);
  if (!before) return {};
  LUY_TRY_VOID(d_.database.write([&](records::Connection& c) {
    return c.run("UPDATE finding_search SET last_alert_at = $2 WHERE id = $1",
                 {std::string_view(id.text()), to_micros(at)});
  }));
  auto after = std::make_shared<SavedSearch>(*before);
  after->last_alert_at = at;
  const std::lock_guard lock(mutex_);
  searches_[id] = std::move(after);
  return {};
}

SearchPointer SearchBook::find(const SearchId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = searches_.find(id);
  return found == searches_.end() ? nullptr : found->second;
}

std::vector<SearchPointer> SearchBook::all() const {
  std::vector<SearchPointer> out;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, one] : searches_) out.push_back(one);
  }
  std::sort(out.begin(), out.end(), [](const SearchPointer& a, const SearchPointer& b) {
    return a->name != b->name ? a->name < b->name : a->id < b->id;
  });
  return out;
}

std::uint64_t SearchBook::revision() const {
  const std::lock_guard lock(mutex_);
  return revision_;
}

}  // namespace luy::finding
