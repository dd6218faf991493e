package endpoint

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"odoograph/apierror"
	"odoograph/auth"
	"odoograph/graph"
	"odoograph/limit"
	"odoograph/odoo"
	"odoograph/policy"
	"odoograph/telemetry"
)

// enforcement makes operations keep to the policy of the schema: it refuses those
// whose key lacks a scope or whose budget does not suffice before they run, and
// gives back afterwards what they did not use.
type enforcement struct {
	policy *policy.Policy
	gate   *gate
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
	graphql.ResponseInterceptor
} = &enforcement{}

// ExtensionName implements graphql.HandlerExtension.
func (*enforcement) ExtensionName() string { return "Policy" }

// Validate implements graphql.HandlerExtension.
func (*enforcement) Validate(graphql.ExecutableSchema) error { return nil }

// spending is what an operation may cost and what is left of the budget.
type spending struct {
	requested int
	budget    limit.Budget
	balance   limit.Balance
}

// MutateOperationContext refuses what may not run.
func (e *enforcement) MutateOperationContext(ctx context.Context, oc *graphql.OperationContext) *gqlerror.Error {
	identity := auth.FromContext(ctx)
	if identity == nil {
		return refusal(apierror.New(apierror.Unauthenticated, "There is no API key in the request. "+howToAuthenticate))
	}
	demand := e.policy.Demand(oc.Operation, oc.Variables)
	if err := missing(identity, demand.Scopes); err != nil {
		return refusal(err)
	}
	if isPaid(ctx) {
		return nil
	}
	limits := e.gate.limitsOf(identity)
	spent := spending{requested: demand.Cost, budget: limit.Budget{Capacity: limits.CostCapacity, Restore: limits.CostRestore}}
	telemetry.Note(ctx, "cost_requested", demand.Cost)
	if demand.Cost > limits.CostCapacity {
		return refusal(apierror.New(apierror.MaxCostExceeded, fmt.Sprintf(
			"The operation may cost %d points; the budget holds %d at most. Ask for fewer records or fewer nested lists.", demand.Cost, limits.CostCapacity)))
	}
	bucket := odoo.Tenant(ctx)
	for _, limited := range demand.Limited {
		decision := e.gate.limits.Count(ctx, bucket+" "+limited.Field, limit.Rate{Requests: limited.Rate.Requests, Window: limited.Rate.Window}, limited.Times)
		if !decision.Allowed {
			e.gate.backends.Yield(bucket, decision.RetryAfter)
			err := apierror.New(apierror.RateLimited, fmt.Sprintf("%s may be asked for %d times in %v.", limited.Field, limited.Rate.Requests, limited.Rate.Window))
			err.Field, err.RetryAfter = limited.Field, decision.RetryAfter
			return refusal(err)
		}
	}
	balance, wait, ok := e.gate.limits.Spend(ctx, bucket, spent.budget, demand.Cost)
	if !ok {
		e.gate.backends.Yield(bucket, wait)
		err := apierror.New(apierror.RateLimited, fmt.Sprintf(
			"The operation may cost %d points; of the budget of %d there are %d left, and %d come back each second.",
			demand.Cost, limits.CostCapacity, balance.CurrentlyAvailable, limits.CostRestore))
		err.RetryAfter = wait
		return refusal(err)
	}
	spent.balance = balance
	oc.Stats.SetExtension(e.ExtensionName(), &spent)
	return nil
}

// InterceptResponse weighs the answer, gives back what it did not use, and tells.
func (e *enforcement) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	if !graphql.HasOperationContext(ctx) {
		return next(ctx)
	}
	spent, ok := graphql.GetOperationContext(ctx).Stats.GetExtension(e.ExtensionName()).(*spending)
	if !ok {
		return next(ctx) // refused
	}
	meter := &graph.Meter{Weigh: e.policy.Weight}
	if operation := graphql.GetOperationContext(ctx); operation.Operation.Operation == ast.Mutation {
		// Trying to change something costs, whatever comes of it.
		meter.Total = e.policy.Weight(graphql.CollectFields(operation, operation.Operation.SelectionSet, []string{"Mutation"}))
	}
	response := next(graph.WithMeter(ctx, meter))
	actual := min(meter.Total, spent.requested)
	if unused := spent.requested - actual; unused > 0 && ctx.Err() == nil && !timedOut(response) {
		spent.balance = e.gate.limits.Refund(ctx, odoo.Tenant(ctx), spent.budget, unused)
	}
	telemetry.Note(ctx, "cost", actual)
	if response != nil {
		if response.Extensions == nil {
			response.Extensions = map[string]any{}
		}
		response.Extensions["cost"] = costReport{spent.requested, actual, spent.balance}
	}
	return response
}

// timedOut tells whether Odoo worked on an operation for longer than it may: what
// that cost is not known, and so not given back.
func timedOut(response *graphql.Response) bool {
	return response != nil && slices.ContainsFunc(response.Errors, func(err *gqlerror.Error) bool {
		return err.Extensions["code"] == apierror.UpstreamTimeout
	})
}

// costReport is extensions.cost, by the names that clients of Shopify know.
type costReport struct {
	Requested int           `json:"requestedQueryCost"`
	Actual    int           `json:"actualQueryCost"`
	Throttle  limit.Balance `json:"throttleStatus"`
}

// missing returns a FORBIDDEN error that names the scopes that a key lacks.
func missing(identity *auth.Identity, needs []policy.Need) error {
	var lacking []string
	for _, need := range needs {
		if !identity.Key.Has(need.Scope) {
			lacking = append(lacking, fmt.Sprintf("%s (for %s)", need.Scope, need.Path))
		}
	}
	who := "The key lacks"
	if identity.Key.ID == anonymousID {
		who = "Requests without an API key lack"
	}
	switch len(lacking) {
	case 0:
		return nil
	case 1:
		return apierror.New(apierror.Forbidden, who+" the scope "+lacking[0]+".")
	}
	return apierror.New(apierror.Forbidden, who+" the scopes "+strings.Join(lacking, ", ")+".")
}

// refusal makes an error what gqlgen wants of those who keep an operation from running.
func refusal(err error) *gqlerror.Error { return &gqlerror.Error{Err: err, Message: err.Error()} }
