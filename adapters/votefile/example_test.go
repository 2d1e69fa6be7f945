package votefile_test

import (
	"fmt"
	"strings"

	"github.com/tastetest/tastetest/adapters/votefile"
)

func ExampleRows() {
	file := "question_id,model_a,model_b,winner,judge\n1,kestrel,nova,model_b,ana\n2,kestrel,nova,draw,ana\n"
	for row, err := range votefile.Rows(strings.NewReader(file)) {
		fmt.Println(row.Winner, err)
	}
	// Output:
	// right <nil>
	//  line 3: winner is "draw"; write model_a, model_b, tie or tie (bothbad)
}
