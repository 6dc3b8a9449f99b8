package dev.sojourn.servlet.readme;

import dev.sojourn.Sessions;
import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.servlet.ExpiryEvents;
import dev.sojourn.servlet.SojournFilter;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An application that was written for container sessions. */
public final class Shop {
    private Shop() {}

    public static final class Cart {
        public final List<Item> items = new ArrayList<>();
    }

    public record Item(String name, BigDecimal price) {}

    public static final class Online implements HttpSessionListener {
        public final AtomicInteger visitors = new AtomicInteger();

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            visitors.incrementAndGet();
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            visitors.decrementAndGet();
        }
    }

    public static SojournFilter mount(String secret, Online online) {
        // README: drop-in
        Sessions sessions = Sessions.create(c -> c.secret(secret).listener(new ExpiryEvents(online)));
        SojournFilter sojourn = SojournFilter.builder(sessions)
                .attributes(AttributeFormat.json(Cart.class, Item.class))
                .listeners(online)
                .subjectOf(session -> (String) session.getAttribute("user"))
                .build();
        // end
        return sojourn;
    }
}
