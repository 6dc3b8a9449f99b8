package dev.sojourn.servlet;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The drop-in session listeners of each application that uses the filter, usually one. */
final class ContextListeners {
    private final List<EventListener> named;
    private final DropInListeners ofNamed;
    private final Map<ServletContext, DropInListeners> found = new ConcurrentHashMap<>();

    /** Creates the listeners of a filter that was built with these. */
    ContextListeners(List<EventListener> named) {
        this.named = named;
        this.ofNamed = new DropInListeners(named);
    }

    /** Adds an application, with the listeners that it registered with its container. */
    void addContext(ServletContext context) {
        List<EventListener> all = new ArrayList<>(ContainerListeners.of(context));
        for (EventListener each : named) {
            if (all.stream().noneMatch(known -> known == each)) {
                all.add(each);
            }
        }
        found.put(context, new DropInListeners(all));
    }

    /** Returns the listeners of an application; if its filter was not initialized, those that the filter was built with. */
    DropInListeners of(ServletContext context) {
        return found.getOrDefault(context, ofNamed);
    }
}
