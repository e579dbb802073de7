// What goes between the hub and luy-evidence-signer: one message of text each way (docs/format/signer.md). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "signer/keeper.h"

namespace luy::signer {

// A note, its certificates and a path fit many times over.
inline constexpr std::size_t message_bytes_max = 128 << 10;
inline constexpr std::size_t path_max = 128;

struct StandingWanted {};
struct Statement {
  std::string body;
};
struct WitnessWanted {};
using Request = std::variant<StandingWanted, SignRequest, Statement, WitnessWanted, CosignRequest>;
std::string encode_request(const Request& request);
std::optional<Request> decode_request(std::string_view text);

struct Answer {
  Standing standing;                   // After the request.
  evidence::SignedNote signed_;        // Empty where only the standing was wanted.
  std::optional<Cosigned> cosigned{};  // Of the last two requests, whose answer has nothing else.
};
std::string encode_answer(const Result<Answer>& answer);
// nullopt for what is no answer.
std::optional<Result<Answer>> decode_answer(std::string_view text);

}  // namespace luy::signer
