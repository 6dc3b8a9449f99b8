package dev.sojourn.demo;

import dev.sojourn.demo.servers.Adapter;
import dev.sojourn.demo.servers.Adapters;
import dev.sojourn.demo.store.StoreUrl;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says.
 *
 * @param adapter {@code ADAPTER}: which HTTP server
 * @param port {@code PORT}: where to listen; 0 for any free port
 * @param secret {@code SOJOURN_SECRET}: what signs the session's token; empty to keep one in the folder
 * @param store {@code STORE}: where sessions are kept
 * @param data {@code DATA}: the folder for what outlives the process
 */
record Settings(Adapter adapter, int port, Optional<String> secret, StoreUrl store, Path data) {
    private static final int DEFAULT_PORT = 8080;

    static Settings from(Map<String, String> environment) {
        Path data = DataFolder.of(environment.getOrDefault("DATA", ""));
        return new Settings(
                Adapters.named(environment.getOrDefault("ADAPTER", "")),
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
            throw new IllegalArgumentException("PORT is a number from 0 to 65535, not '" + text + "'");
        }
        return port;
    }

    /** The file that holds the secret if none was brought. */
    Path secretFile() {
        return data.resolve("secret");
    }

    /** Whether anything is kept in the folder. */
    boolean needsData() {
        return secret.isEmpty() || store.isIn(data);
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "Settings[adapter=" + adapter.name() + ", port=" + port + ", store=" + store + ", data=" + data + "]";
    }
}
