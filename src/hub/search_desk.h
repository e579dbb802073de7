// Saved searches wired into the hub: their book, who watches them, and how an alert would have counted lately.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "api/route.h"
#include "directory/directory.h"
#include "finding/search_api.h"
#include "hub/agency_view.h"
#include "hub/desk.h"
#include "hub/evidence_api.h"
#include "hub/search_reader.h"

namespace luy::hub {

class SearchDesk final : public Desk {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    Random& random;
    const evidence::Store& store;
    directory::Directory& directory;
    const AgencyView& agencies;
    std::function<Result<void>(std::span<const finding::Report>, finding::Progress)> report;
    std::optional<std::uint64_t> next_seq;  // Of SearchReader::reader.
    // What the routes need; asked for by routes(), and there as long as they are.
    std::function<finding::ApiDependencies()> findings;
    std::function<const EvidenceApi&()> evidence;
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<SearchDesk>> open(Dependencies dependencies);

  std::vector<api::Route> routes() override;
  const finding::SearchBook& book() const { return *book_; }
  void start() override { reader_->start(); }
  void stop() override { reader_->stop(); }

 private:
  explicit SearchDesk(Dependencies dependencies) : d_(std::move(dependencies)) {}
  std::set<AgencyId> scope_of(const finding::SavedSearch& search) const;

  const Dependencies d_;
  std::unique_ptr<finding::SearchBook> book_;
  std::unique_ptr<SearchReader> reader_;
};

// Whom the account may act for today, as the policy wants to know it; nullopt when it may not sign in.
std::optional<directory::Actor> actor_of(const directory::Account& account, Day today);

// How the answers to a question came in the last day, by windows of the alert's length: a SearchPreview of the
// contract. Authorises. Errors: as search_scope(); search_busy, finding.bad_search.
Result<boost::json::object> search_preview(const EvidenceApi& evidence, const api::Request& request,
                                           const std::string& query, const std::optional<AgencyId>& agency,
                                           const finding::SearchAlert& alert);

}  // namespace luy::hub
