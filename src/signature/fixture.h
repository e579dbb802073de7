// A PKI, papers to sign and outside tools for this module's tests.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "paper/pdf.h"
#include "signature/sign.h"
#include "signature/signer.h"

namespace luy::signature {

// Made once for the run by testdata/make_pki; see there for its names.
const std::filesystem::path& pki();
// The SoftHSM2 driver; empty where it or the token could not be made, and tests of tokens skip.
const std::filesystem::path& softhsm();

// Minutes with two signature blocks, the right one for the chair, and an annex.
const paper::Pdf& minutes();
paper::Document minutes_document();  // What it was rendered from.
const paper::PdfRenderer& renderer();
std::unique_ptr<Signer> signer(const std::string& name);

// 2026-11-22 08:05:09 in Vietnam.
Time signing_time();
// Minutes signed by `name`, unseen.
std::string signed_by(const std::string& name, const std::string& pdf);
// A blue signature (300 × 120 pixels) and a red seal (200 × 200), on a transparent ground.
std::string blue_signature();
std::string red_seal();
// Asks `openssl ts` with the PKI's time-stamp authority.
Result<std::string> openssl_ts(std::string_view request);

std::string read_bytes(const std::filesystem::path& path);
void write_bytes(const std::filesystem::path& path, std::string_view bytes);
// A new file name below the run's folder.
std::filesystem::path scratch(const std::string& name);
bool has_tool(const std::string& tool);
// Standard output and error of a shell command; the exit code behind `code` when given.
std::string output_of(const std::string& command, int* code = nullptr);

}  // namespace luy::signature
