package dev.sojourn.demo;

import dev.sojourn.demo.servers.Adapter;
import dev.sojourn.demo.servers.Adapters;
import dev.sojourn.demo.store.StoreUrl;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The demo's settings, from environment variables.
 *
 * @param adapter {@code ADAPTER}: the HTTP server
 * @param port {@code PORT}: the port; 0 for any free port
 * @param secret {@code SOJOURN_SECRET}: the secret that signs tokens; empty for one in the folder
 * @param store {@code STORE}: the session store
 * @param data {@code DATA}: the folder for data that outlives the process
 */
record Settings(Adapter adapter, int port, Optional<String> secret, StoreUrl store, Path data) {
    private static final int DEFAULT_PORT = 8080;

    static Settings from(Map<String, String> environment) {
        Path data = DataFolder.of(environment.getOrDefault("DATA", ""));
        return new Settings(
                Adapters.byName(environment.getOrDefault("ADAPTER", "")),
                port(environment.getOrDefault("PORT", "")),
                Optional.of(environment.getOrDefault("SOJOURN_SECRET", "")).filter(secret -> !secret.isEmpty()),
                StoreUrl.of(environment.getOrDefault("STORE", ""), data),
                data);
    }

    private static int port(String text) {
        if (text.isBlank()) {
            return DEFAULT_PORT;
        }
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : -1;
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("PORT must be a number from 0 to 65535, not '" + text + "'");
        }
        return port;
    }

    /** Returns the file of the secret that is used if {@code SOJOURN_SECRET} is not set. */
    Path secretFile() {
        return data.resolve("secret");
    }

    /** Returns whether the folder is used. */
    boolean needsData() {
        return secret.isEmpty() || store.isIn(data);
    }

    /** Omits the secret. */
    @Override
    public String toString() {
        return "Settings[adapter=" + adapter.name() + ", port=" + port + ", store=" + store + ", data=" + data + "]";
    }
}
