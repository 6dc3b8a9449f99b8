package shop;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.web.context.annotation.SessionScope;

/** The products that a user has recently viewed, in this session. */
@Component
@SessionScope
@SuppressWarnings("serial") // its fields are serializable
public class RecentlyViewed implements Serializable {
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
