package dev.sojourn.servlet;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who hears of the sessions of each application that a filter stands in, usually one. */
final class ContextListeners {
    private final List<EventListener> named;
    private final Listeners ofNamed;
    private final Map<ServletContext, Listeners> found = new ConcurrentHashMap<>();

    /** With these, which the filter was given. */
    ContextListeners(List<EventListener> named) {
        this.named = named;
        this.ofNamed = new Listeners(named);
    }

    /** Adds those that an application gave its container. */
    void find(ServletContext context) {
        List<EventListener> all = new ArrayList<>(ContainerListeners.of(context));
        for (EventListener each : named) {
            if (all.stream().noneMatch(known -> known == each)) {
                all.add(each);
            }
        }
        found.put(context, new Listeners(all));
    }

    /** Returns the listeners of an application; where a filter was not initialised, those that were named. */
    Listeners in(ServletContext context) {
        return found.getOrDefault(context, ofNamed);
    }
}
