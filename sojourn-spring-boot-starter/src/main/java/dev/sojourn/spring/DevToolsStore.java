package dev.sojourn.spring;

import dev.sojourn.MemoryStore;
import java.util.Optional;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.util.ClassUtils;

/**
 * The memory of a process that DevTools restarts the application in. The store outlives the restarts, as sessions of the
 * container do; what is in it is JSON, which the application's new classes are read from.
 */
final class DevToolsStore {
    private static final boolean PRESENT = ClassUtils.isPresent(
            "org.springframework.boot.devtools.restart.Restarter", DevToolsStore.class.getClassLoader());
    private static final String ATTRIBUTE = "dev.sojourn.store";

    private DevToolsStore() {}

    /** Returns the store of all restarts; empty where DevTools is not there, or does not restart this application. */
    static Optional<MemoryStore> find() {
        return PRESENT ? Kept.find() : Optional.empty();
    }

    /** Apart, since its classes are not there in production. */
    private static final class Kept {
        static Optional<MemoryStore> find() {
            Restarter restarter;
            try {
                restarter = Restarter.getInstance();
            } catch (IllegalStateException e) {
                // Not started by SpringApplication.
                return Optional.empty();
            }
            // Without these DevTools restarts nothing, and several applications of one process, as in tests, keep
            // apart.
            if (restarter.getInitialUrls() == null) {
                return Optional.empty();
            }
            // Another class of that name is there if DevTools is set to load Sojourn itself anew.
            return restarter.getOrAddAttribute(ATTRIBUTE, MemoryStore::new) instanceof MemoryStore kept
                    ? Optional.of(kept)
                    : Optional.empty();
        }
    }
}
