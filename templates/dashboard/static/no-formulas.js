/* Stands where Voila's page would load a typesetter for formulas from elsewhere: no dashboard has formulas. */
(function () {
  "use strict";
  const nothing = () => undefined;
  window.MathJax = { Hub: { Config: nothing, Configured: nothing, Queue: nothing, Typeset: nothing, Register: { StartupHook: nothing } } };
})();
