package shop;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.web.context.annotation.SessionScope;

/** What a visitor has looked at, for as long as the session lasts. */
@Component
@SessionScope
@SuppressWarnings("serial") // what it holds is serializable
public class RecentlySeen implements Serializable {
    private static final long serialVersionUID = 1L;

    private final List<String> products = new ArrayList<>();

    public void add(String product) {
        products.remove(product);
        products.add(0, product);
    }

    public List<String> products() {
        return List.copyOf(products);
    }
}
