'use strict';
/** The native module reads a machine id for telemetry; the sandbox has none to give. */
exports.getDeviceId = () => Promise.resolve('00000000-0000-4000-8000-000000000000');
