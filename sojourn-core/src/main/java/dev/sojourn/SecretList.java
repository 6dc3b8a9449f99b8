package dev.sojourn;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Secrets as applications list them: the one that is used first, then those that are also accepted. */
final class SecretList {
    private SecretList() {}

    /** Returns all secrets; a missing one as an empty text, which the check refuses with an explanation. */
    static List<String> of(@Nullable String first, String... others) {
        List<String> secrets = new ArrayList<>();
        secrets.add(first == null ? "" : first);
        secrets.addAll(List.of(others));
        return secrets;
    }
}
