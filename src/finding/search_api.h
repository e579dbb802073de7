// Saved searches in api/openapi.yaml: listSearches, addSearch, changeSearch, removeSearch, previewSearch. Handlers only
// translate. A search is its owner's; a shared one is seen by whoever may search where it looks.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "finding/api.h"
#include "finding/search_book.h"

namespace luy::finding {

struct SearchApiDependencies {
  SearchBook& searches;
  ApiDependencies findings;
  // Up to which record watched searches were held against the evidence.
  std::function<std::uint64_t()> next_seq;
  // Why a search is not watched although it should be; nullopt: it is.
  std::function<std::optional<Text>(const SavedSearch&)> problem;
  // How an alert would have counted in the last day: a SearchPreview of the contract. Authorises.
  std::function<Result<boost::json::object>(const api::Request&, const std::string& query,
                                            const std::optional<AgencyId>&, const SearchAlert&)>
      preview;
};

std::vector<api::Route> search_routes(SearchApiDependencies dependencies);

}  // namespace luy::finding
