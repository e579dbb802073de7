#include "detect/engine/database.h"

#include <cstdlib>

#include "base/check.h"
#include "detect/error.h"

namespace luy::detect {
namespace {

Error compile_error(hs_compile_error_t* error) {
  const std::string why = error != nullptr ? error->message : "Vectorscan";
  hs_free_compile_error(error);
  return Error(bad_regex, why);
}

}  // namespace

Result<Database> Database::of_literals(const std::vector<Literal>& literals, Case heed) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  std::vector<unsigned> ids;
  for (const Literal& one : literals) {
    texts.push_back(one.text.data());
    sizes.push_back(one.text.size());
    ids.push_back(one.id);
  }
  const unsigned caseless = heed == Case::ignored ? HS_FLAG_CASELESS : 0;
  const std::vector<unsigned> flags(literals.size(), HS_FLAG_SINGLEMATCH | caseless);
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), sizes.data(), static_cast<unsigned>(texts.size()),
                           HS_MODE_BLOCK, nullptr, &database, &error) != HS_SUCCESS) {
    return compile_error(error);
  }
  return Database(database);
}

Result<Database> Database::of_expressions(const std::vector<Expression>& expressions) {
  std::vector<const char*> texts;
  std::vector<unsigned> ids;
  std::vector<unsigned> flags;
  for (const Expression& one : expressions) {
    texts.push_back(one.text.c_str());
    ids.push_back(one.id);
    flags.push_back(one.flags | HS_FLAG_SINGLEMATCH | HS_FLAG_UTF8 | HS_FLAG_ALLOWEMPTY);
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()), HS_MODE_BLOCK,
                       nullptr, &database, &error) != HS_SUCCESS) {
    return compile_error(error);
  }
  return Database(database);
}

Result<Database> Database::from_bytes(std::string_view bytes) {
  hs_database_t* database = nullptr;
  if (hs_deserialize_database(bytes.data(), bytes.size(), &database) != HS_SUCCESS) {
    return Error(bad_cache, "Vectorscan");
  }
  return Database(database);
}

std::string Database::to_bytes() const {
  char* bytes = nullptr;
  std::size_t size = 0;
  LUY_CHECK(hs_serialize_database(database_.get(), &bytes, &size) == HS_SUCCESS);
  std::string out(bytes, size);
  std::free(bytes);
  return out;
}

std::size_t Database::size_bytes() const {
  std::size_t size = 0;
  if (database_ != nullptr) hs_database_size(database_.get(), &size);
  return size;
}

void Scratch::fit(const Database& database) {
  // Fails only for want of memory or on a broken database, which from_bytes() and compiling exclude.
  if (database) LUY_CHECK(hs_alloc_scratch(database.get(), &scratch_) == HS_SUCCESS);
}

}  // namespace luy::detect
