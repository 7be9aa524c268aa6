"use strict";
// uPlot makes a number format of the browser's language while it is loaded, and throws where
// that is no language tag: en-US@posix, as Chromium has it under LANG=C.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en-US", configurable: true });
}
