package dev.sojourn.engine;

import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamWriteException;
import tools.jackson.databind.exc.InvalidDefinitionException;

/** Why the mapper could not write a value, in words that reveal nothing of it. */
final class WriteProblem {
    private WriteProblem() {}

    static String of(RuntimeException problem) {
        if (problem instanceof StreamConstraintsException) {
            return "it is nested too deeply, or contains itself";
        }
        if (problem instanceof InvalidDefinitionException undefined && undefined.getType() != null) {
            return "there is no way to write "
                    + undefined.getType().getRawClass().getTypeName();
        }
        if (problem instanceof StreamWriteException) {
            return "it has a text that is not well-formed (an unpaired surrogate), or something that JSON cannot represent";
        }
        Throwable cause = problem.getCause();
        return (cause == null ? problem : cause).getClass().getSimpleName();
    }
}
